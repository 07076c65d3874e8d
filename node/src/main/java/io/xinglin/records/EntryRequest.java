package io.xinglin.records;

import io.xinglin.records.Change.Act;
import java.util.Optional;
import org.hl7.fhir.r4.model.Resource;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/// The `request` of a bundle's entry: what is to be done with its resource.
final class EntryRequest {
    private final String where;
    private String method = "";
    private String url = "";
    private Optional<String> ifNoneExist = Optional.empty();
    private Optional<String> ifMatch = Optional.empty();
    private Optional<String> ifNoneMatch = Optional.empty();

    EntryRequest(String where) {
        this.where = where;
    }

    void read(JsonParser parser) {
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            throw Outcomes.malformed("The request of " + where + " is not an object.");
        }
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            var name = parser.currentName();
            parser.nextToken();
            switch (name) {
                case "method" -> method = BundleReader.text(parser, name);
                case "url" -> url = BundleReader.text(parser, name);
                case "ifNoneExist" -> ifNoneExist = Optional.of(BundleReader.text(parser, name));
                case "ifMatch" -> ifMatch = Optional.of(BundleReader.text(parser, name));
                case "ifNoneMatch" -> ifNoneMatch = Optional.of(BundleReader.text(parser, name));
                default ->
                        throw Outcomes.unsupported(
                                "request." + name + " of " + where + " is not supported.");
            }
        }
    }

    Ask ask(Optional<String> fullUrl, Optional<Sent> content) {
        if (method.equals("GET") || method.equals("HEAD")) {
            if (content.isPresent() || ifMatch.isPresent() || ifNoneExist.isPresent()) {
                throw Outcomes.invalid(
                        "A "
                                + method
                                + " has no resource and changes nothing; "
                                + where
                                + " would.");
            }
            return new Ask.Get(where, url, method.equals("GET"), ifNoneMatch);
        }
        return change(act(), fullUrl, content);
    }

    private Change change(Act act, Optional<String> fullUrl, Optional<Sent> content) {
        if (ifNoneMatch.isPresent()) {
            throw Outcomes.unsupported("Only a GET has ifNoneMatch; " + where + " does.");
        }
        var mark = url.indexOf('?');
        var path = (mark < 0 ? url : url.substring(0, mark)).replaceFirst("^/", "");
        var parts = path.split("/", -1);
        if (R4.type(parts[0]).isEmpty()) {
            throw Outcomes.invalid(
                    "The request url of " + where + " names no R4 resource type: '" + url + "'.");
        }
        Optional<String> condition =
                mark < 0 ? Optional.empty() : Optional.of(url.substring(mark + 1));
        if (act != Act.CREATE && ifNoneExist.isPresent()) {
            throw Outcomes.unsupported("Only a POST has ifNoneExist; " + where + " does.");
        }
        return new Change(
                where,
                act,
                parts[0],
                id(act, parts, condition),
                fullUrl,
                act == Act.CREATE ? ifNoneExist : condition,
                ifMatch.map(tag -> Etags.parse(tag, where)),
                content(act, parts, content));
    }

    private Act act() {
        return switch (method) {
            case "POST" -> Act.CREATE;
            case "PUT" -> Act.UPDATE;
            case "PATCH" -> Act.PATCH;
            case "DELETE" -> Act.DELETE;
            default ->
                    throw Outcomes.unsupported(
                            "The method of "
                                    + where
                                    + " is '"
                                    + method
                                    + "'; GET, HEAD, POST, PUT, PATCH and DELETE are supported.");
        };
    }

    private Optional<String> id(Act act, String[] parts, Optional<String> condition) {
        if (act == Act.CREATE) {
            if (parts.length != 1 || condition.isPresent()) {
                throw Outcomes.invalid("A POST goes to a type; the url of " + where + " does not.");
            }
            return Optional.empty();
        }
        if (condition.isPresent() && parts.length == 1) {
            return Optional.empty();
        }
        if (condition.isPresent() || parts.length != 2 || !ResourceId.isId(parts[1])) {
            throw Outcomes.invalid(
                    "A "
                            + method
                            + " goes to Type/id or to Type?condition; the url of "
                            + where
                            + " does not.");
        }
        return Optional.of(parts[1]);
    }

    private Change.Content content(Act act, String[] parts, Optional<Sent> content) {
        if (act == Act.DELETE) {
            return Change.NOTHING;
        }
        var resource =
                content.orElseThrow(
                        () -> Outcomes.invalid("There is no resource in " + where + "."));
        return switch (act) {
            case PATCH -> Patches.inBundle(resource.resource().get(), where);
            case UPDATE -> new Sent(resource.text(), () -> named(resource.resource().get(), parts));
            case CREATE, DELETE -> resource;
        };
    }

    private Resource named(Resource resource, String[] parts) {
        var own = resource.getIdElement().getIdPart();
        if (parts.length == 2 && own != null && !own.equals(parts[1])) {
            throw Outcomes.invalid(
                    "The resource of " + where + " has another id than its request url.");
        }
        return resource;
    }
}
