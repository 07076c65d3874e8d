package io.xinglin.records;

import java.util.Optional;
import java.util.Set;

/// What a search wants beside its matches: `Observation:encounter`, `MedicationRequest:medication:Medication`, `Provenance:target`.
///
/// @param isReverse whether what points at the matches is wanted, not what they point at
/// @param isIterated whether the same is wanted of what was included
/// @param source the type that points
/// @param parameters the references that are followed
/// @param target the type they must point at
record Include(
        boolean isReverse,
        boolean isIterated,
        R4.Type source,
        Set<SearchParameter> parameters,
        Optional<String> target) {

    /// @param base the type that is searched
    static Include parse(String name, String value, String base) {
        var modifier = name.indexOf(':');
        var isIterated = modifier >= 0;
        if (isIterated && !name.endsWith(":iterate")) {
            throw Outcomes.unsupported("'" + name + "' is not supported; ':iterate' is.");
        }
        var isReverse = name.startsWith("_revinclude");
        var parts = value.split(":", -1);
        if (value.equals("*") && !isReverse) {
            parts = new String[] {base, "*"};
        }
        if (parts.length < 2 || parts.length > 3) {
            throw Outcomes.invalid("'" + name + "' takes Type:parameter or Type:parameter:Type.");
        }
        var source =
                R4.type(parts[0])
                        .orElseThrow(() -> Outcomes.invalid("'" + value + "': no such type."));
        if (!isReverse && !isIterated && !source.name().equals(base)) {
            throw Outcomes.invalid("'" + name + "=" + value + "': " + base + " is searched.");
        }
        var target = parts.length == 3 ? Optional.of(parts[2]) : Optional.<String>empty();
        if (target.filter(type -> R4.type(type).isEmpty()).isPresent()) {
            throw Outcomes.invalid("'" + value + "': there is no such target.");
        }
        if (isReverse && !isIterated && target.filter(type -> !type.equals(base)).isPresent()) {
            throw Outcomes.invalid("'" + name + "=" + value + "': " + base + " is searched.");
        }
        return new Include(isReverse, isIterated, source, parameters(source, parts[1]), target);
    }

    private static Set<SearchParameter> parameters(R4.Type source, String name) {
        if (name.equals("*")) {
            return Set.copyOf(source.references());
        }
        return source.references().stream()
                .filter(parameter -> parameter.name().equals(name))
                .findFirst()
                .map(Set::of)
                .orElseThrow(
                        () ->
                                Outcomes.unsupported(
                                        "'"
                                                + source.name()
                                                + ":"
                                                + name
                                                + "' is not a reference to include by."));
    }
}
