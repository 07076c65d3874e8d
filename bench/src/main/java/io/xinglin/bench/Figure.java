package io.xinglin.bench;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/// One measured figure. Absent fields are left out of the file.
///
/// @param name what was measured
/// @param value the median of the runs
/// @param unit such as `transactions/s`, `ms`, `MB`
/// @param peer what was run beside it, in the same run
/// @param ratio value / peerValue
/// @param limit what the machine sets as a bound
@JsonInclude(JsonInclude.Include.NON_NULL)
record Figure(
        String name,
        double value,
        String unit,
        @Nullable String peer,
        @Nullable Double peerValue,
        @Nullable Double ratio,
        @Nullable String limit,
        @Nullable Double limitValue) {

    static Figure of(String name, double value, String unit) {
        return new Figure(name, value, unit, null, null, null, null, null);
    }

    /// The same figure beside a limit of the machine.
    Figure within(Figure bound) {
        return new Figure(name, value, unit, peer, peerValue, ratio, bound.name, bound.value);
    }
}
