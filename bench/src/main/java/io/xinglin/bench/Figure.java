package io.xinglin.bench;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/// One measured figure. Absent fields are left out of the file.
///
/// @param name what was measured
/// @param value the median of the runs; of one run it is that run
/// @param runs how often it was measured
/// @param unit such as `transactions/s`, `ms`, `MB`
/// @param peer what was run beside it, in the same run
/// @param ratio value / peerValue
/// @param limit what the machine sets as a bound, where one binds
@JsonInclude(JsonInclude.Include.NON_NULL)
record Figure(
        String name,
        double value,
        int runs,
        String unit,
        @Nullable String peer,
        @Nullable Double peerValue,
        @Nullable Double ratio,
        @Nullable String limit,
        @Nullable Double limitValue) {

    static Figure of(String name, String unit, double... runs) {
        var value = Load.median(runs);
        return new Figure(name, value, runs.length, unit, null, null, null, null, null);
    }

    /// The same figure beside that of somebody else, measured in the same run.
    Figure beside(String other, double theirs) {
        return new Figure(
                name, value, runs, unit, other, theirs, value / theirs, limit, limitValue);
    }

    /// The same figure beside a limit of the machine.
    Figure within(Figure bound) {
        return new Figure(name, value, runs, unit, peer, peerValue, ratio, bound.name, bound.value);
    }
}
