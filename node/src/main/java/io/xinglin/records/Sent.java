package io.xinglin.records;

import java.util.Optional;
import java.util.function.Supplier;
import org.hl7.fhir.r4.model.Resource;

/// A resource as it was sent, JSON: if it is plain it is stored from that, and its object model is never made.
///
/// @param text the JSON
/// @param resource its object model, or what is wrong with it
record Sent(Supplier<String> text, Supplier<Resource> resource) implements Change.Content {
    @Override
    public Resource given(Supplier<byte[]> current) {
        return resource.get();
    }

    @Override
    public Optional<String> json() {
        return Optional.of(text.get());
    }
}
