package io.xinglin.records;

import ca.uhn.fhir.context.BaseRuntimeChildDefinition;
import ca.uhn.fhir.context.BaseRuntimeElementCompositeDefinition;
import ca.uhn.fhir.context.BaseRuntimeElementDefinition;
import ca.uhn.fhir.parser.DataFormatException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.hl7.fhir.instance.model.api.IBase;
import org.hl7.fhir.instance.model.api.IBaseResource;
import org.hl7.fhir.instance.model.api.IPrimitiveType;
import org.hl7.fhir.r4.model.Parameters.ParametersParameterComponent;

/// The elements of a resource as objects: what is in which, and how to put others in their place.
final class Elements {
    private Elements() {}

    /// A child of an element by its name: what can be there, and what is.
    record Place(IBase parent, BaseRuntimeChildDefinition child, String name) {
        List<IBase> values() {
            return new ArrayList<>(child.getAccessor().getValues(parent));
        }

        boolean isList() {
            return child.getMax() < 0 || child.getMax() > 1;
        }

        void set(List<IBase> values) {
            child.getMutator().setValue(parent, null);
            values.forEach(value -> child.getMutator().addValue(parent, value));
        }

        /// The value of a parameter, as what belongs here.
        IBase made(ParametersParameterComponent parameter) {
            if (parameter.hasResource()) {
                return parameter.getResource().copy();
            }
            return parameter.hasValue()
                    ? fitting(parameter.getValue().copy())
                    : composed(parameter);
        }

        private IBase fitting(IBase value) {
            if (value.isEmpty()) {
                throw new JsonPatch.CannotApply("a value is empty");
            }
            var given = child.getChildElementDefinitionByDatatype(value.getClass());
            if (given != null) {
                return value;
            }
            if (value instanceof IPrimitiveType<?> primitive
                    && definition().map(Place::isPrimitive).orElse(false)) {
                return converted(primitive);
            }
            throw new JsonPatch.CannotApply(name + " takes no " + value.fhirType());
        }

        private static boolean isPrimitive(BaseRuntimeElementDefinition<?> definition) {
            return IPrimitiveType.class.isAssignableFrom(definition.getImplementingClass());
        }

        /// A code of a value set, an id: a text of a narrower kind.
        private IBase converted(IPrimitiveType<?> value) {
            var made = (IPrimitiveType<?>) instance();
            try {
                made.setValueAsString(value.getValueAsString());
            } catch (IllegalArgumentException | DataFormatException e) {
                throw new JsonPatch.CannotApply(name + " cannot be what is given");
            }
            return made;
        }

        /// An element without a name of its own, made of its parts.
        private IBase composed(ParametersParameterComponent parameter) {
            if (parameter.getPart().isEmpty()) {
                throw new JsonPatch.CannotApply("a value is empty");
            }
            var made = instance();
            for (var part : parameter.getPart()) {
                add(made, Optional.ofNullable(part.getName()).orElse(""), part);
            }
            return made;
        }

        private IBase instance() {
            return definition()
                    .orElseThrow(() -> new JsonPatch.CannotApply(name + " can be of several types"))
                    .newInstance(child.getInstanceConstructorArguments());
        }

        private Optional<BaseRuntimeElementDefinition<?>> definition() {
            return child.getValidChildNames().size() == 1
                    ? Optional.ofNullable(child.getChildByName(name))
                    : Optional.empty();
        }
    }

    /// A child by its name, be there something or not.
    static Place child(IBase parent, String name) {
        if (definition(parent) instanceof BaseRuntimeElementCompositeDefinition<?> composite) {
            var child =
                    Optional.ofNullable(composite.getChildByName(name))
                            .or(() -> Optional.ofNullable(composite.getChildByName(name + "[x]")));
            if (child.isPresent()) {
                return new Place(parent, child.get(), name);
            }
        }
        throw new JsonPatch.CannotApply(
                "there is no element '" + name + "' in " + parent.fhirType());
    }

    /// Adds to a list, or sets what is not there.
    static void add(IBase parent, String name, ParametersParameterComponent value) {
        var place = child(parent, name);
        var values = place.values();
        if (!place.isList() && values.stream().anyMatch(there -> !there.isEmpty())) {
            throw new JsonPatch.CannotApply(name + " is there already");
        }
        values.removeIf(IBase::isEmpty);
        values.add(place.made(value));
        place.set(values);
    }

    /// An element of a resource, and where it is in there.
    record Found(Place place, IBase element) {}

    /// Where an element is in a resource, if it is in there.
    static Optional<Found> find(IBase parent, IBase wanted) {
        if (!(definition(parent) instanceof BaseRuntimeElementCompositeDefinition<?> composite)) {
            return Optional.empty();
        }
        for (var child : composite.getChildren()) {
            for (var value : child.getAccessor().getValues(parent)) {
                if (value == wanted) {
                    return Optional.of(
                            new Found(new Place(parent, child, child.getElementName()), value));
                }
                var found = value == null ? Optional.<Found>empty() : find(value, wanted);
                if (found.isPresent()) {
                    return found;
                }
            }
        }
        return Optional.empty();
    }

    private static BaseRuntimeElementDefinition<?> definition(IBase element) {
        return element instanceof IBaseResource resource
                ? R4.context().getResourceDefinition(resource)
                : R4.context().getElementDefinition(element.getClass());
    }
}
