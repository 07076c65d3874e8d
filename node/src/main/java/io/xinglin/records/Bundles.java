package io.xinglin.records;

import ca.uhn.fhir.rest.api.PreferReturnEnum;
import io.xinglin.records.Written.How;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.hl7.fhir.r4.model.OperationOutcome;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/// Writes the bundles this API answers with, as bytes: the resources in them are the bytes that were stored.
final class Bundles {
    private static final JsonFactory JSON = new JsonFactory();

    private Bundles() {}

    /// The result of one entry of a batch or transaction.
    sealed interface Result {
        /// It was stored, or found.
        record Done(Written written) implements Result {}

        /// It was read.
        ///
        /// @param isKnown whether the client has it already
        /// @param json a resource or a bundle; empty if it is not sent
        @SuppressWarnings("ArrayRecordComponent") // Sent at once, never compared.
        record Read(boolean isKnown, byte[] json, Optional<VersionId> id, Optional<Instant> written)
                implements Result {
            static Read bundle(byte[] json) {
                return new Read(false, json, Optional.empty(), Optional.empty());
            }
        }

        /// It was refused.
        ///
        /// @param status HTTP status
        /// @param outcome an OperationOutcome, JSON
        record Refused(int status, String outcome) implements Result {}
    }

    /// @param address the organisation's base, without a slash at the end
    /// @param next the query string of the next page; empty if there is none
    static byte[] searchset(String address, Query query, Search.Page page, String next) {
        var out = new ByteArrayOutputStream();
        try (var json = JSON.createGenerator(ObjectWriteContext.empty(), out)) {
            var at = address + "/" + query.type().name();
            start(json, "searchset");
            page.total().ifPresent(total -> json.writeNumberProperty("total", total));
            json.writeArrayPropertyStart("link");
            link(json, "self", at, query.link(page.patient()));
            if (!next.isEmpty()) {
                link(json, "next", at, next);
            }
            json.writeEndArray();
            var entries = page.matches().size() + page.included().size() + query.ignored().size();
            if (entries > 0) {
                json.writeArrayPropertyStart("entry");
                page.matches().forEach(version -> found(json, address, version, "match"));
                page.included().forEach(version -> found(json, address, version, "include"));
                ignored(json, query.ignored());
                json.writeEndArray();
            }
            json.writeEndObject();
        }
        return out.toByteArray();
    }

    /// A record, or a part of it.
    ///
    /// @param at what it is the answer of
    static byte[] everything(
            String address, String at, EverythingQuery query, Everything.Page page) {
        var out = new ByteArrayOutputStream();
        try (var json = JSON.createGenerator(ObjectWriteContext.empty(), out)) {
            start(json, "searchset");
            if (query.after().isBegin() && page.next().isEmpty()) {
                json.writeNumberProperty("total", page.matches().size());
            }
            json.writeArrayPropertyStart("link");
            link(json, "self", at, query.link());
            page.next().ifPresent(last -> link(json, "next", at, query.next(last)));
            json.writeEndArray();
            if (!page.matches().isEmpty()) {
                json.writeArrayPropertyStart("entry");
                page.matches().forEach(version -> found(json, address, version, "match"));
                page.included().forEach(version -> found(json, address, version, "include"));
                json.writeEndArray();
            }
            json.writeEndObject();
        }
        return out.toByteArray();
    }

    private static void found(JsonGenerator json, String address, Version version, String mode) {
        json.writeStartObject();
        resource(json, address, version);
        mode(json, mode);
        json.writeEndObject();
    }

    private static void mode(JsonGenerator json, String mode) {
        json.writeObjectPropertyStart("search");
        json.writeStringProperty("mode", mode);
        json.writeEndObject();
    }

    /// Names what was left out of account.
    private static void ignored(JsonGenerator json, List<String> names) {
        if (names.isEmpty()) {
            return;
        }
        var outcome = new OperationOutcome();
        for (var name : names) {
            outcome.addIssue()
                    .setSeverity(OperationOutcome.IssueSeverity.WARNING)
                    .setCode(OperationOutcome.IssueType.NOTSUPPORTED)
                    .setDiagnostics("'" + name + "' is not supported and was ignored.");
        }
        json.writeStartObject();
        json.writeName("resource");
        json.writeRawValue(R4.json().encodeResourceToString(outcome));
        mode(json, "outcome");
        json.writeEndObject();
    }

    /// @param at the address of what it is the history of
    /// @param ofOneResource whether that is one resource
    static byte[] history(
            String address,
            String at,
            boolean ofOneResource,
            HistoryQuery query,
            Histories.History history) {
        var out = new ByteArrayOutputStream();
        try (var json = JSON.createGenerator(ObjectWriteContext.empty(), out)) {
            start(json, "history");
            json.writeArrayPropertyStart("link");
            link(json, "self", at, query.link());
            history.last()
                    .ifPresent(last -> link(json, "next", at, query.next(last, ofOneResource)));
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

    static byte[] response(boolean atomic, PreferReturnEnum prefer, List<Result> results) {
        var out = new ByteArrayOutputStream();
        try (var json = JSON.createGenerator(ObjectWriteContext.empty(), out)) {
            start(json, atomic ? "transaction-response" : "batch-response");
            startEntries(json, results);
            results.forEach(result -> entry(json, prefer, result));
            endEntries(json, results);
            json.writeEndObject();
        }
        return out.toByteArray();
    }

    private static void entry(JsonGenerator json, PreferReturnEnum prefer, Result result) {
        json.writeStartObject();
        content(json, prefer, result);
        json.writeObjectPropertyStart("response");
        switch (result) {
            case Result.Done(var written) -> {
                json.writeStringProperty("status", status(written.how()));
                written.id().ifPresent(id -> version(json, written, id));
                if (prefer == PreferReturnEnum.OPERATION_OUTCOME) {
                    json.writeName("outcome");
                    json.writeRawValue(R4.json().encodeResourceToString(Outcomes.done(written)));
                }
            }
            case Result.Read read -> {
                json.writeStringProperty("status", read.isKnown ? "304 Not Modified" : "200 OK");
                read.id.ifPresent(id -> json.writeStringProperty("etag", etag(id)));
                read.written.ifPresent(
                        when -> json.writeStringProperty("lastModified", when.toString()));
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

    /// What was read is always sent; what was stored, if it is wanted.
    private static void content(JsonGenerator json, PreferReturnEnum prefer, Result result) {
        var resource =
                switch (result) {
                    case Result.Done(var written) when prefer == PreferReturnEnum.REPRESENTATION ->
                            written.json();
                    case Result.Read read -> read.json;
                    default -> new byte[0];
                };
        if (resource.length > 0) {
            json.writeName("resource");
            json.writeRawValue(new String(resource, StandardCharsets.UTF_8));
        }
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
