package io.xinglin.records;

import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.Meta;

/// What `$meta-add` and `$meta-delete` make of a resource's profiles, tags and security labels. A label is known by its system and
/// code.
final class Labels {
    private Labels() {}

    static UnaryOperator<Meta> added(Meta given) {
        return meta -> {
            given.getProfile().stream()
                    .filter(profile -> !meta.hasProfile(profile.getValue()))
                    .forEach(profile -> meta.addProfile(profile.getValue()));
            add(meta.getTag(), given.getTag());
            add(meta.getSecurity(), given.getSecurity());
            return meta;
        };
    }

    static UnaryOperator<Meta> removed(Meta given) {
        return meta -> {
            meta.getProfile().removeIf(profile -> given.hasProfile(profile.getValue()));
            meta.getTag().removeIf(label -> isAmong(given.getTag(), label));
            meta.getSecurity().removeIf(label -> isAmong(given.getSecurity(), label));
            return meta;
        };
    }

    private static void add(List<Coding> labels, List<Coding> more) {
        more.stream().filter(label -> !isAmong(labels, label)).forEach(labels::add);
    }

    private static boolean isAmong(List<Coding> labels, Coding label) {
        return labels.stream()
                .anyMatch(
                        other ->
                                Objects.equals(other.getSystem(), label.getSystem())
                                        && Objects.equals(other.getCode(), label.getCode()));
    }
}
