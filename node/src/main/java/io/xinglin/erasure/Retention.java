package io.xinglin.erasure;

import io.xinglin.erasure.ErasureProperties.Law;
import io.xinglin.erasure.ErasureProperties.Rule;
import io.xinglin.records.WholeRecords.LastCare;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.springframework.stereotype.Component;

/// What the law demands to be kept, as the operator has set it. It is an automatic check and no legal advice.
@Component
class Retention {
    private final List<Rule> rules;

    Retention(ErasureProperties properties) {
        this.rules = properties.retention();
    }

    /// A rule that forbids to erase a record.
    ///
    /// @param since the end of the care that it counts from
    /// @param until when it ends
    record Bar(String rule, Instant since, Instant until, Law law) {}

    List<Rule> rules() {
        return rules;
    }

    /// What forbids to erase a record now; nothing if it may be erased.
    List<Bar> bars(LastCare care, Instant now) {
        return rules.stream()
                .flatMap(rule -> bar(rule, care).stream())
                .filter(bar -> bar.until.isAfter(now))
                .toList();
    }

    private static Optional<Bar> bar(Rule rule, LastCare care) {
        var since =
                switch (rule.care()) {
                    case OUTPATIENT -> care.outpatient();
                    case INPATIENT -> care.inpatient();
                };
        return since.map(
                at ->
                        new Bar(
                                rule.name(),
                                at,
                                at.atOffset(ZoneOffset.UTC).plusYears(rule.years()).toInstant(),
                                rule.law()));
    }
}
