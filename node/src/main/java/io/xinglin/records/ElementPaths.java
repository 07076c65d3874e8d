package io.xinglin.records;

import ca.uhn.fhir.fhirpath.FhirPathExecutionException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.hl7.fhir.instance.model.api.IBase;
import org.hl7.fhir.r4.model.Narrative;
import org.hl7.fhir.r4.model.Resource;

/// A FHIRPath that names elements of a resource: steps, indexes and a few functions. Others, which compute without end or look
/// elsewhere, have no place in a patch.
///
/// @param text the expression
/// @spec http://hl7.org/fhirpath/N1/ FHIRPath
record ElementPaths(String text) {
    private static final int LENGTH_MAX = 1_000;
    private static final Pattern TEXTS = Pattern.compile("'(?:[^'\\\\]|\\\\.)*'");
    private static final Pattern FUNCTION = Pattern.compile("([A-Za-z]+)\\s*\\(");
    private static final Set<String> FUNCTIONS =
            Set.of("where", "first", "last", "single", "exists", "empty", "not", "extension");
    private static final Pattern LAST = Pattern.compile("(.*[^.])\\.([a-z][A-Za-z0-9]*)");

    static ElementPaths parse(String text) {
        if (text.length() > LENGTH_MAX) {
            throw Outcomes.malformed("The path is longer than " + LENGTH_MAX + " characters.");
        }
        var withoutTexts = TEXTS.matcher(text).replaceAll("''");
        if (withoutTexts.indexOf('%') >= 0) {
            throw Outcomes.malformed("A variable has no place in the path of a patch.");
        }
        var function = FUNCTION.matcher(withoutTexts);
        while (function.find()) {
            var name = function.group(1);
            if (!FUNCTIONS.contains(name) && !name.equals("and") && !name.equals("or")) {
                throw Outcomes.malformed("'" + name + "()' has no place in the path of a patch.");
            }
        }
        return new ElementPaths(text);
    }

    /// The elements it names.
    List<IBase> in(Resource resource) {
        try {
            return R4.fhirPath().evaluate(resource, text, IBase.class);
        } catch (FhirPathExecutionException | UnsupportedOperationException e) {
            // Amounts are compared by what is not there.
            throw Outcomes.malformed("The path '" + text + "' is not understood.");
        }
    }

    /// The one element it names.
    IBase one(Resource resource) {
        var found = in(resource);
        if (found.size() != 1) {
            throw new JsonPatch.CannotApply(
                    text + (found.isEmpty() ? " names nothing" : " names several elements"));
        }
        return found.getFirst();
    }

    /// Where an element is that it names. The text of a narrative is named by a copy, which is nowhere.
    Elements.Found find(Resource resource, IBase named) {
        return Elements.find(resource, named)
                .or(() -> narrative(resource))
                .orElseThrow(() -> new JsonPatch.CannotApply(text + " names no element of it"));
    }

    private Optional<Elements.Found> narrative(Resource resource) {
        var parts = LAST.matcher(text);
        if (!parts.matches()
                || !(new ElementPaths(parts.group(1)).one(resource) instanceof Narrative parent)) {
            return Optional.empty();
        }
        var place = Elements.child(parent, parts.group(2));
        return place.values().stream().findFirst().map(one -> new Elements.Found(place, one));
    }

    /// The list that it names whole, by the element it is in and its name there; it may be empty.
    Elements.Place list(Resource resource) {
        var parts = LAST.matcher(text);
        if (!parts.matches()) {
            throw new JsonPatch.CannotApply(text + " names no list");
        }
        return Elements.child(new ElementPaths(parts.group(1)).one(resource), parts.group(2));
    }

    @Override
    public String toString() {
        return text;
    }
}
