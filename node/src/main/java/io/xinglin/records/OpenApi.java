package io.xinglin.records;

import java.util.List;
import java.util.Map;
import org.hl7.fhir.r4.model.CapabilityStatement;
import org.hl7.fhir.r4.model.CapabilityStatement.CapabilityStatementRestComponent;
import org.hl7.fhir.r4.model.CapabilityStatement.CapabilityStatementRestResourceComponent;
import org.hl7.fhir.r4.model.CapabilityStatement.SystemRestfulInteraction;
import org.hl7.fhir.r4.model.CapabilityStatement.TypeRestfulInteraction;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// What a capability statement lists, for tools that know OpenAPI and not FHIR.
///
/// Of a resource it says no more than that it is one: FHIR publishes its own schemas.
///
/// @spec https://spec.openapis.org/oas/v3.1.0.html OpenAPI 3.1.0
final class OpenApi {
    private static final List<String> FORMS =
            List.of("application/fhir+json", "application/fhir+xml");
    private static final String ID = "id";
    private static final String VERSION = "version";
    private static final String IF_MATCH = "If-Match";
    private static final String IF_NONE_EXIST = "If-None-Exist";
    private static final Map<String, String> HEADERS =
            Map.of(
                    IF_MATCH, "The version that is changed, as in W/\"3\"",
                    IF_NONE_EXIST, "Creates nothing if this search finds something");

    private final CapabilityStatement statement;
    private final ObjectNode document = JsonMapper.shared().createObjectNode();
    private final ObjectNode paths = JsonMapper.shared().createObjectNode();

    private OpenApi(CapabilityStatement statement) {
        this.statement = statement;
    }

    /// The document for an organisation's capability statement, as JSON.
    static byte[] of(CapabilityStatement statement) {
        return JsonMapper.shared().writeValueAsBytes(new OpenApi(statement).document());
    }

    private ObjectNode document() {
        var implementation = statement.getImplementation();
        document.put("openapi", "3.1.0");
        document.putObject("info")
                .put("title", "Xinglin, FHIR R4")
                .put("version", statement.getFhirVersion().toCode())
                .put("description", implementation.getDescription());
        document.putArray("servers").addObject().put("url", implementation.getUrl());
        document.putArray("security").addObject().putArray("bearer");
        document.set("paths", paths);
        components();
        var rest = statement.getRestFirstRep();
        system(rest);
        rest.getResource().forEach(this::resource);
        return document;
    }

    private void components() {
        var components = document.putObject("components");
        components
                .putObject("securitySchemes")
                .putObject("bearer")
                .put("type", "http")
                .put("scheme", "bearer");
        var parameters = components.putObject("parameters");
        parameter(parameters.putObject(ID), ID, "path", "The resource's id").put("required", true);
        parameter(parameters.putObject(VERSION), VERSION, "path", "A version's number")
                .put("required", true);
        HEADERS.forEach(
                (name, text) -> parameter(parameters.putObject(name), name, "header", text));
        components
                .putObject("schemas")
                .putObject("Resource")
                .put("type", "object")
                .put("description", "A resource of FHIR R4")
                .putObject("properties")
                .putObject("resourceType")
                .put("type", "string");
        var responses = components.putObject("responses");
        content(responses.putObject("Resource").put("description", "A resource, or a Bundle"));
        content(
                responses
                        .putObject("Outcome")
                        .put("description", "An OperationOutcome that says what is wrong"));
        content(components.putObject("requestBodies").putObject("Resource").put("required", true));
    }

    private void system(CapabilityStatementRestComponent rest) {
        for (var interaction : rest.getInteraction()) {
            if (interaction.getCode() == SystemRestfulInteraction.HISTORYSYSTEM) {
                operation("/_history", "get", "history of everything");
            } else if (interaction.getCode() == SystemRestfulInteraction.TRANSACTION) {
                body(operation("/", "post", "transaction or batch"));
            }
        }
        operation("/metadata", "get", "what this server can do").putArray("security");
        rest.getOperation()
                .forEach(it -> operation("/$" + it.getName(), "post", "$" + it.getName()));
    }

    private void resource(CapabilityStatementRestResourceComponent resource) {
        var type = "/" + resource.getType();
        var one = type + "/{id}";
        for (var interaction : resource.getInteraction()) {
            interaction(resource, interaction.getCode(), type, one);
        }
        resource.getOperation()
                .forEach(
                        it -> {
                            var name = "/$" + it.getName();
                            if (it.getDefinition().endsWith("/patient-export")) {
                                operation(type + name, "post", "$" + it.getName());
                            } else {
                                of(operation(one + name, "post", "$" + it.getName()), ID);
                            }
                        });
    }

    private void interaction(
            CapabilityStatementRestResourceComponent resource,
            TypeRestfulInteraction code,
            String type,
            String one) {
        switch (code) {
            case READ -> of(operation(one, "get", "read"), ID);
            case VREAD -> of(operation(one + "/_history/{version}", "get", "vread"), ID, VERSION);
            case UPDATE -> body(of(operation(one, "put", "update"), ID, IF_MATCH));
            case PATCH -> patch(of(operation(one, "patch", "patch"), ID, IF_MATCH));
            case DELETE -> of(operation(one, "delete", "delete"), ID, IF_MATCH);
            case HISTORYINSTANCE -> of(operation(one + "/_history", "get", "history"), ID);
            case HISTORYTYPE -> operation(type + "/_history", "get", "history of the type");
            case CREATE -> body(of(operation(type, "post", "create"), IF_NONE_EXIST));
            case SEARCHTYPE -> search(resource, type);
            default -> throw new IllegalArgumentException("no path is known for " + code);
        }
    }

    private void search(CapabilityStatementRestResourceComponent resource, String type) {
        var parameters = operation(type, "get", "search").putArray("parameters");
        var form = JsonMapper.shared().createObjectNode().put("type", "object");
        var properties = form.putObject("properties");
        for (var by : resource.getSearchParam()) {
            var text = by.hasDocumentation() ? by.getDocumentation() : by.getType().toCode();
            parameter(parameters.addObject(), by.getName(), "query", text);
            properties.putObject(by.getName()).put("type", "string");
        }
        operation(type + "/_search", "post", "search")
                .putObject("requestBody")
                .putObject("content")
                .putObject("application/x-www-form-urlencoded")
                .set("schema", form);
    }

    private void patch(ObjectNode operation) {
        var content = operation.putObject("requestBody").put("required", true).putObject("content");
        for (var form : statement.getPatchFormat()) {
            content.putObject(form.getValue());
        }
    }

    private ObjectNode operation(String path, String method, String summary) {
        var operation = paths.withObjectProperty(path).putObject(method).put("summary", summary);
        var responses = operation.putObject("responses");
        responses.putObject("200").put("$ref", "#/components/responses/Resource");
        responses.putObject("default").put("$ref", "#/components/responses/Outcome");
        return operation;
    }

    private static ObjectNode of(ObjectNode operation, String... parameters) {
        var all = operation.putArray("parameters");
        for (var name : parameters) {
            all.addObject().put("$ref", "#/components/parameters/" + name);
        }
        return operation;
    }

    private static void body(ObjectNode operation) {
        operation.putObject("requestBody").put("$ref", "#/components/requestBodies/Resource");
    }

    private static ObjectNode parameter(ObjectNode node, String name, String in, String text) {
        node.put("name", name).put("in", in).put("description", text);
        node.putObject("schema").put("type", "string");
        return node;
    }

    private static void content(ObjectNode node) {
        var content = node.putObject("content");
        for (var form : FORMS) {
            content.putObject(form)
                    .putObject("schema")
                    .put("$ref", "#/components/schemas/Resource");
        }
    }
}
