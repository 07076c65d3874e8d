package io.xinglin.erasure;

import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// What an operator sets about erasure.
///
/// @param register the file of all that was erased, applied to a database that is restored; keep it apart from backups. Empty: `erasures`
///     in the data directory
/// @param retention how long the law demands that records are kept; none: nothing is kept against the patient's wish
@ConfigurationProperties("xinglin.erasure")
record ErasureProperties(@DefaultValue("") String register, @DefaultValue List<Rule> retention) {
    ErasureProperties {
        retention = List.copyOf(retention);
    }

    /// A period for which a kind of care is to stay on record.
    ///
    /// @param name a short word of the operator's
    /// @param care what must have been given
    /// @param years counted from the end of the last such care
    /// @param law who demands it, to be read by the patient
    record Rule(String name, Care care, int years, Law law) {}

    /// Which care.
    enum Care {
        OUTPATIENT,
        INPATIENT
    }

    /// A citation.
    record Law(String zh, String en) {}
}
