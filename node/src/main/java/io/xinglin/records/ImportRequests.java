package io.xinglin.records;

import ca.uhn.fhir.rest.server.exceptions.BaseServerResponseException;
import io.xinglin.identity.Callers;
import io.xinglin.platform.Failure;
import io.xinglin.platform.NodeProperties;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Collections;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpMethod;
import org.springframework.stereotype.Component;
import org.springframework.web.HttpRequestHandler;

/// Begins imports: `POST /fhir/{org}/$import` with resources in the body, one a line.
@Component
class ImportRequests implements HttpRequestHandler {
    static final String PATTERN = "/fhir/*/$import";

    private static final Logger LOG = LoggerFactory.getLogger(ImportRequests.class);
    private static final Set<String> FORMS =
            Set.of("application/fhir+ndjson", "application/ndjson", "application/x-ndjson");

    private final Imports imports;
    private final String base;

    ImportRequests(Imports imports, NodeProperties node) {
        this.imports = imports;
        this.base = node.url() + "/fhir/";
    }

    @Override
    public void handleRequest(HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        try {
            begin(request, response);
        } catch (BaseServerResponseException e) {
            JobRequests.refuse(response, e);
        } catch (IOException e) {
            // Whoever was sending is gone, or was told already.
            LOG.debug("an import ends early: {}", Failure.of(e));
            throw e;
        } catch (RuntimeException e) {
            LOG.error("an import did not begin: {}", Failure.of(e));
            JobRequests.refuse(response, Outcomes.failed());
        }
    }

    private void begin(HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        if (!request.getMethod().equals(HttpMethod.POST.name())) {
            throw Outcomes.notAllowed("$import is for POST.");
        }
        var caller = Callers.current();
        Writer.permittedAuthor(caller.custodian(), caller);
        Operations.requireAsync("$import", Collections.list(request.getHeaders("Prefer")));
        if (!FORMS.contains(form(request))) {
            throw Outcomes.unknownForm("The body must be application/fhir+ndjson.");
        }
        var address = base + caller.custodian();
        Operations.begun(
                response,
                JobRequests.address(
                        address,
                        imports.receive(caller, address + "/$import", request.getInputStream())));
    }

    private static String form(HttpServletRequest request) {
        return Optional.ofNullable(request.getContentType())
                .map(type -> type.replaceFirst(";.*", "").strip().toLowerCase(Locale.ROOT))
                .orElse("");
    }
}
