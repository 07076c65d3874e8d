package io.xinglin.records;

import ca.uhn.fhir.context.BaseRuntimeChildDefinition;
import ca.uhn.fhir.context.BaseRuntimeElementCompositeDefinition;
import java.util.ArrayList;
import java.util.List;
import org.hl7.fhir.instance.model.api.IBase;
import org.hl7.fhir.instance.model.api.IBaseResource;
import org.hl7.fhir.r4.model.Resource;

/// Whether a resource has what FHIR requires of its type. Names, types, codes and repetitions are seen to by the parser.
final class Structure {
    /// Enough to see what is wrong.
    private static final int MISSING_MAX = 20;

    private final List<String> missing = new ArrayList<>();

    private Structure() {}

    /// The required elements that are not there, as paths: `Observation.status`.
    static List<String> missing(Resource resource) {
        var structure = new Structure();
        structure.look(resource, resource.fhirType());
        return structure.missing;
    }

    private void look(IBase element, String path) {
        var definition =
                element instanceof IBaseResource resource
                        ? R4.context().getResourceDefinition(resource)
                        : R4.context().getElementDefinition(element.getClass());
        if (definition instanceof BaseRuntimeElementCompositeDefinition<?> composite) {
            for (var child : composite.getChildren()) {
                look(element, path, child);
            }
        }
    }

    private void look(IBase element, String path, BaseRuntimeChildDefinition child) {
        var there =
                child.getAccessor().getValues(element).stream()
                        .filter(value -> value != null && !value.isEmpty())
                        .toList();
        var name = path + "." + child.getElementName();
        if (there.isEmpty() && child.getMin() > 0 && missing.size() < MISSING_MAX) {
            missing.add(name);
        }
        for (var value : there) {
            look(value, name);
        }
    }
}
