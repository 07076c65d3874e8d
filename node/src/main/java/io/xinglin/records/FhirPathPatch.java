package io.xinglin.records;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.hl7.fhir.instance.model.api.IBase;
import org.hl7.fhir.r4.model.IntegerType;
import org.hl7.fhir.r4.model.Parameters;
import org.hl7.fhir.r4.model.Parameters.ParametersParameterComponent;
import org.hl7.fhir.r4.model.Resource;
import org.hl7.fhir.r4.model.StringType;

/// Operations on the elements of a resource that FHIRPath names, done one after the other or not at all.
///
/// @spec https://hl7.org/fhir/R4/fhirpatch.html FHIR R4, FHIRPath Patch
final class FhirPathPatch {
    private static final int OPERATIONS_MAX = 1_000;

    private final List<Operation> operations;

    private FhirPathPatch(List<Operation> operations) {
        this.operations = operations;
    }

    private sealed interface Operation {
        void on(Resource resource);

        record Add(ElementPaths path, String name, ParametersParameterComponent value)
                implements Operation {
            @Override
            public void on(Resource resource) {
                Elements.add(path.one(resource), name, value);
            }
        }

        record Insert(ElementPaths path, ParametersParameterComponent value, int index)
                implements Operation {
            @Override
            public void on(Resource resource) {
                var list = path.list(resource);
                var values = list.values();
                if (index > values.size()) {
                    throw new JsonPatch.CannotApply(path + " is shorter than " + index);
                }
                values.add(index, list.made(value));
                list.set(values);
            }
        }

        record Delete(ElementPaths path) implements Operation {
            @Override
            public void on(Resource resource) {
                var found = path.in(resource);
                if (found.size() > 1) {
                    throw new JsonPatch.CannotApply(path + " names several elements");
                }
                if (!found.isEmpty()) {
                    var gone = path.find(resource, found.getFirst());
                    var values = gone.place().values();
                    values.removeIf(value -> value == gone.element());
                    gone.place().set(values);
                }
            }
        }

        record Replace(ElementPaths path, ParametersParameterComponent value) implements Operation {
            @Override
            public void on(Resource resource) {
                var found = path.find(resource, path.one(resource));
                var made = found.place().made(value);
                var values = found.place().values();
                values.replaceAll(old -> old == found.element() ? made : old);
                found.place().set(values);
            }
        }

        record Move(ElementPaths path, int source, int destination) implements Operation {
            @Override
            public void on(Resource resource) {
                var list = path.list(resource);
                List<IBase> values = list.values();
                if (source >= values.size() || destination >= values.size()) {
                    throw new JsonPatch.CannotApply(path + " is shorter than that");
                }
                values.add(destination, values.remove(source));
                list.set(values);
            }
        }
    }

    /// Understands a patch.
    static FhirPathPatch parse(Parameters patch) {
        var operations = patch.getParameter();
        if (operations.size() > OPERATIONS_MAX) {
            throw Outcomes.malformed(
                    "A FHIRPath Patch has " + OPERATIONS_MAX + " operations at most.");
        }
        return new FhirPathPatch(operations.stream().map(FhirPathPatch::operation).toList());
    }

    private static Operation operation(ParametersParameterComponent operation) {
        if (!"operation".equals(operation.getName())) {
            throw Outcomes.malformed(
                    "A parameter of a FHIRPath Patch is an 'operation', not '"
                            + operation.getName()
                            + "'.");
        }
        var parts = parts(operation);
        var path = ElementPaths.parse(text(parts, "path"));
        var type = text(parts, "type");
        return switch (type) {
            case "add" -> new Operation.Add(path, text(parts, "name"), part(parts, "value"));
            case "insert" ->
                    new Operation.Insert(path, part(parts, "value"), number(parts, "index"));
            case "delete" -> new Operation.Delete(path);
            case "replace" -> new Operation.Replace(path, part(parts, "value"));
            case "move" ->
                    new Operation.Move(path, number(parts, "source"), number(parts, "destination"));
            default -> throw Outcomes.malformed("There is no operation '" + type + "'.");
        };
    }

    private static Map<String, ParametersParameterComponent> parts(
            ParametersParameterComponent operation) {
        return operation.getPart().stream()
                .collect(
                        Collectors.toMap(
                                part -> Optional.ofNullable(part.getName()).orElse(""),
                                part -> part,
                                (one, other) -> {
                                    throw Outcomes.malformed(
                                            "An operation has '" + one.getName() + "' twice.");
                                }));
    }

    private static ParametersParameterComponent part(
            Map<String, ParametersParameterComponent> parts, String name) {
        return Optional.ofNullable(parts.get(name))
                .orElseThrow(
                        () ->
                                Outcomes.malformed(
                                        "An operation has no '" + name + "', and needs one."));
    }

    private static String text(Map<String, ParametersParameterComponent> parts, String name) {
        if (part(parts, name).getValue() instanceof StringType text && text.hasValue()) {
            return text.getValue();
        }
        throw Outcomes.malformed("'" + name + "' of an operation is a text.");
    }

    private static int number(Map<String, ParametersParameterComponent> parts, String name) {
        if (part(parts, name).getValue() instanceof IntegerType number
                && number.hasValue()
                && number.getValue() >= 0) {
            return number.getValue();
        }
        throw Outcomes.malformed("'" + name + "' of an operation is a number from 0 up.");
    }

    /// Changes the resource.
    ///
    /// @throws JsonPatch.CannotApply if an operation is impossible
    void apply(Resource resource) {
        operations.forEach(operation -> operation.on(resource));
    }
}
