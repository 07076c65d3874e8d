package io.xinglin.records;

import io.xinglin.records.Written.How;

import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// Writes the bundles this API answers with, as bytes: the resources in them are the bytes that were stored.
final class Bundles {
    private static final JsonFactory JSON = new JsonFactory();

    private Bundles() {}

    /// The result of one entry of a batch or transaction.
    sealed interface Result {
        /// It was stored, or found.
        record Done(Written written) implements Result {}

        /// It was refused.
        ///
        /// @param status HTTP status
        /// @param outcome an OperationOutcome, JSON
        record Refused(int status, String outcome) implements Result {}
    }

    /// @param address the organisation's base, without a slash at the end
    static byte[] searchset(String address, Query query, Search.Page page) {
        var out = new ByteArrayOutputStream();
        try (var json = JSON.createGenerator(ObjectWriteContext.empty(), out)) {
            var at = address + "/" + query.type().name();
            start(json, "searchset");
            if (!page.more() && query.after().isEmpty()) {
                json.writeNumberProperty("total", page.matches().size());
            }
            json.writeArrayPropertyStart("link");
            link(json, "self", at, query.link(page.patient()));
            if (page.more()) {
                link(json, "next", at, query.next(page.last(), page.patient()));
            }
            json.writeEndArray();
            startEntries(json, page.matches());
            for (var version : page.matches()) {
                json.writeStartObject();
                resource(json, address, version);
                json.writeObjectPropertyStart("search");
                json.writeStringProperty("mode", "match");
                json.writeEndObject();
                json.writeEndObject();
            }
            endEntries(json, page.matches());
            json.writeEndObject();
        }
        return out.toByteArray();
    }

    static byte[] history(String address, ResourceId id, int count, Reader.History history) {
        var out = new ByteArrayOutputStream();
        try (var json = JSON.createGenerator(ObjectWriteContext.empty(), out)) {
            var at = address + "/" + id.reference() + "/_history";
            start(json, "history");
            json.writeArrayPropertyStart("link");
            link(json, "self", at, "");
            if (history.next() > 0) {
                link(json, "next", at, "_count=" + count + "&_before=" + history.next());
            }
            json.writeEndArray();
            startEntries(json, history.versions());
            for (var version : history.versions()) {
                past(json, address, version);
            }
            endEntries(json, history.versions());
            json.writeEndObject();
        }
        return out.toByteArray();
    }

    private static void past(JsonGenerator json, String address, Version version) {
        var isFirst = version.id().number() == 1;
        json.writeStartObject();
        if (version.isDeletion()) {
            fullUrl(json, address, version);
        } else {
            resource(json, address, version);
        }
        json.writeObjectPropertyStart("request");
        json.writeStringProperty(
                "method", version.isDeletion() ? "DELETE" : isFirst ? "POST" : "PUT");
        json.writeStringProperty("url", version.id().resource().reference());
        json.writeEndObject();
        json.writeObjectPropertyStart("response");
        json.writeStringProperty(
                "status",
                version.isDeletion() ? "204 No Content" : isFirst ? "201 Created" : "200 OK");
        json.writeStringProperty("etag", etag(version.id()));
        json.writeStringProperty("lastModified", version.written().toString());
        json.writeEndObject();
        json.writeEndObject();
    }

    static byte[] response(boolean atomic, List<Result> results) {
        var out = new ByteArrayOutputStream();
        try (var json = JSON.createGenerator(ObjectWriteContext.empty(), out)) {
            start(json, atomic ? "transaction-response" : "batch-response");
            startEntries(json, results);
            for (var result : results) {
                json.writeStartObject();
                json.writeObjectPropertyStart("response");
                switch (result) {
                    case Result.Done(var written) -> {
                        json.writeStringProperty("status", status(written.how()));
                        written.id().ifPresent(id -> version(json, written, id));
                    }
                    case Result.Refused(var status, var outcome) -> {
                        json.writeStringProperty("status", Integer.toString(status));
                        json.writeName("outcome");
                        json.writeRawValue(outcome);
                    }
                }
                json.writeEndObject();
                json.writeEndObject();
            }
            endEntries(json, results);
            json.writeEndObject();
        }
        return out.toByteArray();
    }

    private static String status(How how) {
        return switch (how) {
            case CREATED -> "201 Created";
            case UPDATED, FOUND -> "200 OK";
            case DELETED, ABSENT -> "204 No Content";
        };
    }

    /// Nothing is where a deletion is; but it has a version, which a receipt is about.
    private static void version(JsonGenerator json, Written written, VersionId id) {
        if (written.how().isThere()) {
            json.writeStringProperty("location", id.reference());
        }
        json.writeStringProperty("etag", etag(id));
        json.writeStringProperty("lastModified", written.written().toString());
    }

    static String etag(VersionId id) {
        return "W/\"" + id.number() + "\"";
    }

    private static void start(JsonGenerator json, String type) {
        json.writeStartObject();
        json.writeStringProperty("resourceType", "Bundle");
        json.writeStringProperty("type", type);
    }

    /// An empty list is not written: FHIR has none.
    private static void startEntries(JsonGenerator json, List<?> entries) {
        if (!entries.isEmpty()) {
            json.writeArrayPropertyStart("entry");
        }
    }

    private static void endEntries(JsonGenerator json, List<?> entries) {
        if (!entries.isEmpty()) {
            json.writeEndArray();
        }
    }

    private static void link(JsonGenerator json, String relation, String at, String parameters) {
        json.writeStartObject();
        json.writeStringProperty("relation", relation);
        json.writeStringProperty("url", parameters.isEmpty() ? at : at + "?" + parameters);
        json.writeEndObject();
    }

    private static void fullUrl(JsonGenerator json, String address, Version version) {
        json.writeStringProperty("fullUrl", address + "/" + version.id().resource().reference());
    }

    private static void resource(JsonGenerator json, String address, Version version) {
        fullUrl(json, address, version);
        json.writeName("resource");
        json.writeRawValue(new String(version.json(), StandardCharsets.UTF_8));
    }
}
