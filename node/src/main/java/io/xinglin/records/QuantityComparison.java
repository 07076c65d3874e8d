package io.xinglin.records;

import java.util.Optional;

/// An amount asked for: `5.4`, `gt5.4|http://unitsofmeasure.org|mg`, `5.4||mg`.
///
/// @param system empty if any
/// @param unit a code if there is a system; otherwise a code or a unit as people read it; empty if any
/// @param base the same in base units, if the unit can be converted
/// @spec https://hl7.org/fhir/R4/search.html#quantity FHIR R4, quantity search
record QuantityComparison(
        NumberComparison number, String system, String unit, Optional<Base> base) {

    /// @param unit the base units
    record Base(String unit, NumberComparison number) {}

    static QuantityComparison of(NumberComparison number, String system, String unit) {
        var base =
                system.equals(Units.SYSTEM)
                        ? Units.scale(unit)
                                .map(
                                        scale ->
                                                new Base(
                                                        scale.unit(),
                                                        number.converted(scale::convert)))
                        : Optional.<Base>empty();
        return new QuantityComparison(number, system, unit, base);
    }

    boolean matches(Quantity there) {
        if (isUnit(there)) {
            return number.matches(there.span());
        }
        if (base.isEmpty() || !there.system().equals(Units.SYSTEM)) {
            return false;
        }
        var wanted = base.get();
        return Units.scale(there.code())
                .filter(scale -> scale.unit().equals(wanted.unit))
                .filter(scale -> wanted.number.matches(scale.convert(there.span())))
                .isPresent();
    }

    private boolean isUnit(Quantity there) {
        if (unit.isEmpty()) {
            return system.isEmpty() || system.equals(there.system());
        }
        return system.isEmpty()
                ? unit.equals(there.code()) || unit.equals(there.unit())
                : unit.equals(there.code()) && system.equals(there.system());
    }
}
