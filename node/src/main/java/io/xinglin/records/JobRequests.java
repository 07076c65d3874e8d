package io.xinglin.records;

import ca.uhn.fhir.rest.server.exceptions.BaseServerResponseException;
import io.xinglin.identity.Callers;
import io.xinglin.platform.Failure;
import io.xinglin.platform.NodeProperties;
import io.xinglin.records.Job.Kind;
import io.xinglin.records.Job.State;
import io.xinglin.records.Job.Text;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.UUID;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import org.springframework.web.HttpRequestHandler;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// How far a job is, what it made, and its end: `/fhir/{org}/jobs/{id}`. A job is there for whoever asked for it, and for nobody
/// else.
///
/// @spec https://hl7.org/fhir/uv/bulkdata/STU2/export.html FHIR Bulk Data Access 2.0, export
@Component
class JobRequests implements HttpRequestHandler {
    static final String PATTERN = "/fhir/*/jobs/**";

    private static final Logger LOG = LoggerFactory.getLogger(JobRequests.class);
    private static final Pattern PATH =
            Pattern.compile(
                    "/fhir/[^/]+/jobs/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})"
                            + "(?:/([A-Za-z]{1,64})-(\\d{1,6})\\.ndjson)?");
    private static final String RETRY_SECONDS = "1";

    /// What was being stored when the job began, and has an earlier time, is not missed by who goes on from there.
    private static final Duration SETTLED = Duration.ofSeconds(10);

    private final Jobs jobs;
    private final JobTable table;
    private final Exports exports;
    private final String base;

    JobRequests(Jobs jobs, JobTable table, Exports exports, NodeProperties node) {
        this.jobs = jobs;
        this.table = table;
        this.exports = exports;
        this.base = node.url() + "/fhir/";
    }

    @Override
    public void handleRequest(HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        try {
            answer(request, response);
        } catch (BaseServerResponseException e) {
            refuse(response, e);
        } catch (RuntimeException e) {
            LOG.error("{} of a job failed: {}", request.getMethod(), Failure.of(e));
            refuse(response, Outcomes.failed());
        }
    }

    private void answer(HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        var path = PATH.matcher(request.getRequestURI());
        if (!path.matches()) {
            throw unknown();
        }
        var caller = Callers.current();
        var job =
                jobs.find(caller, caller.custodian(), UUID.fromString(path.group(1)))
                        .orElseThrow(JobRequests::unknown);
        switch (request.getMethod()) {
            case "GET", "HEAD" -> {
                if (path.group(2) == null) {
                    status(job, response);
                } else {
                    text(job, path.group(2), Integer.parseInt(path.group(3)), response);
                }
            }
            case "DELETE" -> {
                jobs.delete(job.job().id());
                response.setStatus(HttpStatus.ACCEPTED.value());
            }
            default -> throw Outcomes.notAllowed("A job is asked for, or deleted.");
        }
    }

    private void status(Jobs.Opened opened, HttpServletResponse response) throws IOException {
        var job = opened.job();
        switch (job.state()) {
            case RECEIVING, ACTIVE -> {
                response.setStatus(HttpStatus.ACCEPTED.value());
                response.setHeader("X-Progress", progress(opened));
                response.setHeader(HttpHeaders.RETRY_AFTER, RETRY_SECONDS);
            }
            case DONE -> {
                response.setDateHeader(
                        HttpHeaders.EXPIRES,
                        job.ended().orElseThrow().plus(Jobs.KEPT).toEpochMilli());
                send(response, HttpStatus.OK.value(), "application/json", manifest(opened));
            }
            case FAILED -> throw Outcomes.failed();
        }
    }

    /// How many records there are is the custodian's own affair.
    private static String progress(Jobs.Opened opened) {
        var job = opened.job();
        return Permissions.isInsider(opened.requester())
                ? "%d of %d %s"
                        .formatted(
                                job.done(),
                                Math.max(job.done(), job.total()),
                                job.kind() == Kind.EXPORT ? "records" : "lines")
                : "in progress";
    }

    private byte[] manifest(Jobs.Opened opened) {
        var job = opened.job();
        var json = JsonMapper.shared().createObjectNode();
        json.put("transactionTime", job.created().minus(SETTLED).toString());
        json.put("request", opened.what().get("request").stringValue());
        json.put("requiresAccessToken", true);
        var texts = table.texts(job.id());
        var output = json.putArray("output");
        var error = json.putArray("error");
        switch (job.kind()) {
            case EXPORT -> texts.forEach(text -> named(output.addObject(), job, text));
            case IMPORT -> {
                texts.stream()
                        .filter(text -> text.number() == Imports.REFUSED && text.lines() > 0)
                        .forEach(text -> named(error.addObject(), job, text));
                // What the specification does not foresee it has a place for.
                var counts = json.putObject("extension");
                texts.stream()
                        .filter(text -> text.number() > Imports.REFUSED)
                        .forEach(text -> counts.put(text.type(), text.lines()));
            }
        }
        return JsonMapper.shared().writeValueAsBytes(json);
    }

    private void named(ObjectNode json, Job job, Text text) {
        json.put("type", text.type())
                .put("url", address(job) + "/" + name(text))
                .put("count", text.lines());
    }

    private String address(Job job) {
        return address(base + job.custodian(), job.id());
    }

    /// @param organisation the organisation's base
    static String address(String organisation, UUID job) {
        return organisation + "/jobs/" + job;
    }

    private static String name(Text text) {
        return text.type() + "-" + text.number() + ".ndjson";
    }

    private void text(Jobs.Opened job, String type, int number, HttpServletResponse response)
            throws IOException {
        var text =
                table.texts(job.job().id()).stream()
                        .filter(one -> one.number() == number && one.type().equals(type))
                        .filter(
                                one ->
                                        job.job().kind() == Kind.EXPORT
                                                || one.number() == Imports.REFUSED)
                        .filter(_ -> job.job().state() == State.DONE)
                        .findFirst()
                        .orElseThrow(JobRequests::unknown);
        response.setStatus(HttpStatus.OK.value());
        response.setContentType("application/fhir+ndjson");
        exports.send(job, text, response.getOutputStream());
    }

    private static BaseServerResponseException unknown() {
        return Outcomes.notFound("There is no such job of yours here, or no such file of it.");
    }

    static void refuse(HttpServletResponse response, BaseServerResponseException e)
            throws IOException {
        if (response.isCommitted()) {
            throw new IOException("an answer ends early");
        }
        e.getResponseHeaders()
                .forEach(
                        (name, values) -> values.forEach(value -> response.addHeader(name, value)));
        send(
                response,
                e.getStatusCode(),
                "application/fhir+json;charset=utf-8",
                R4.json()
                        .encodeResourceToString(e.getOperationOutcome())
                        .getBytes(StandardCharsets.UTF_8));
    }

    private static void send(HttpServletResponse response, int status, String type, byte[] body)
            throws IOException {
        response.setStatus(status);
        response.setContentType(type);
        response.setContentLength(body.length);
        response.getOutputStream().write(body);
    }
}
