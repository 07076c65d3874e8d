package io.xinglin.records;

import ca.uhn.fhir.rest.api.RequestTypeEnum;
import ca.uhn.fhir.rest.api.server.RequestDetails;
import ca.uhn.fhir.rest.server.exceptions.BaseServerResponseException;
import ca.uhn.fhir.rest.server.servlet.ServletRequestDetails;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.hl7.fhir.r4.model.Meta;
import org.hl7.fhir.r4.model.OperationOutcome;
import org.hl7.fhir.r4.model.OperationOutcome.IssueSeverity;
import org.hl7.fhir.r4.model.OperationOutcome.IssueType;
import org.hl7.fhir.r4.model.Parameters;
import org.hl7.fhir.r4.model.Parameters.ParametersParameterComponent;
import org.hl7.fhir.r4.model.PrimitiveType;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.Resource;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;

/// Answers `$meta`, `$meta-add`, `$meta-delete`, `$validate`, `$everything` and `$summary`; begins `$export`.
///
/// @spec https://hl7.org/fhir/R4/resource-operations.html FHIR R4, operations on all resources
final class Operations {
    static final String META = "$meta";
    static final String META_ADD = "$meta-add";
    static final String META_DELETE = "$meta-delete";
    static final String VALIDATE = "$validate";
    static final String EVERYTHING = "$everything";
    static final String SUMMARY = "$summary";
    static final String EXPORT = "$export";

    private static final Pattern ASYNC =
            Pattern.compile("(?i)(.*[,;\\s])?respond-async([,;\\s].*)?");

    private static final int OK = HttpStatus.OK.value();
    private static final Set<String> MODES = Set.of("create", "update");

    private final FhirApi api;

    Operations(FhirApi api) {
        this.api = api;
    }

    void answer(ServletRequestDetails request, HttpServletResponse response) throws IOException {
        switch (request.getOperation()) {
            case META -> meta(request, response);
            case META_ADD -> change(request, response, Labels::added);
            case META_DELETE -> change(request, response, Labels::removed);
            case VALIDATE -> {
                mustPost(request);
                api.mustWrite(request);
                Answers.send(request, response, OK, validated(request));
            }
            case EVERYTHING -> Answers.send(request, response, OK, api.everything(request));
            case SUMMARY -> Answers.send(request, response, OK, api.summary(request));
            case EXPORT -> {
                requireAsync(request);
                begun(response, api.export(request));
            }
            default -> throw Outcomes.notFound("There is no such operation here.");
        }
    }

    private static void mustPost(ServletRequestDetails request) {
        if (request.getRequestType() != RequestTypeEnum.POST) {
            throw Outcomes.notAllowed(request.getOperation() + " is for POST.");
        }
    }

    // What goes on in the background.

    private static void requireAsync(RequestDetails request) {
        var prefer = request.getHeaders("Prefer");
        requireAsync(request.getOperation(), prefer == null ? List.of() : prefer);
    }

    static void requireAsync(String operation, List<String> prefer) {
        if (prefer.stream().noneMatch(one -> ASYNC.matcher(one).matches())) {
            throw Outcomes.invalid(operation + " takes its time; send Prefer: respond-async.");
        }
    }

    static void begun(HttpServletResponse response, String address) {
        response.setStatus(HttpStatus.ACCEPTED.value());
        response.setHeader(HttpHeaders.CONTENT_LOCATION, address);
        response.setContentLength(0);
    }

    /// What is asked for: in the address, or as Parameters in the body.
    static Map<String, List<String>> parameters(RequestDetails request) {
        var asked = FhirApi.parameters(request);
        if (request.getRequestType() == RequestTypeEnum.POST
                && request.loadRequestContents().length > 0
                && !isForm(request)) {
            if (!(Body.resource(request) instanceof Parameters given)) {
                throw Outcomes.malformed("The body is Parameters.");
            }
            given.getParameter().forEach(one -> add(one, asked));
        }
        return asked;
    }

    private static boolean isForm(RequestDetails request) {
        var type = request.getHeader(HttpHeaders.CONTENT_TYPE);
        return type != null && type.startsWith("application/x-www-form-urlencoded");
    }

    private static void add(ParametersParameterComponent one, Map<String, List<String>> asked) {
        var name = Optional.ofNullable(one.getName()).orElse("");
        var value =
                switch (one.getValue()) {
                    case PrimitiveType<?> primitive -> primitive.getValueAsString();
                    case Reference reference when reference.hasReference() ->
                            reference.getReference();
                    case null, default ->
                            throw Outcomes.malformed("The parameter '" + name + "' has no value.");
                };
        var values = new ArrayList<>(asked.getOrDefault(name, List.of()));
        values.add(value);
        asked.put(name, values);
    }

    // Labels.

    private void meta(ServletRequestDetails request, HttpServletResponse response)
            throws IOException {
        var version = api.read(request);
        Answers.version(response, version.id(), version.written());
        Answers.send(request, response, OK, told(version.json()));
    }

    private static Parameters told(byte[] json) {
        var resource = R4.json().parseResource(new String(json, StandardCharsets.UTF_8));
        var told = new Parameters();
        told.addParameter().setName("return").setValue(((Resource) resource).getMeta());
        return told;
    }

    /// What a change of labels becomes.
    private interface Labelling {
        UnaryOperator<Meta> by(Meta given);
    }

    /// A label says who may see what, so that it cannot change without a trace: it makes a version like any other change.
    private void change(
            ServletRequestDetails request, HttpServletResponse response, Labelling labelling)
            throws IOException {
        mustPost(request);
        api.mustWrite(request);
        var id = Optional.ofNullable(request.getId()).map(named -> named.getIdPart());
        if (id.isEmpty() || !ResourceId.isId(id.get()) || request.getId().hasVersionIdPart()) {
            throw Outcomes.invalid("Name one resource, without a version.");
        }
        var change =
                Change.patch(
                        request.getResourceName(),
                        id,
                        Optional.empty(),
                        Patches.labels(labelling.by(given(request)), Change.ALONE));
        var written = api.write(request, change.ifMatch(Writes.ifMatch(request)));
        Answers.version(response, written.id().orElseThrow(), written.written());
        Answers.send(request, response, OK, told(written.json()));
    }

    private static Meta given(ServletRequestDetails request) {
        if (Body.resource(request) instanceof Parameters parameters
                && parameters.getParameter().size() == 1
                && "meta".equals(parameters.getParameterFirstRep().getName())
                && parameters.getParameterFirstRep().getValue() instanceof Meta meta) {
            return meta;
        }
        throw Outcomes.malformed("The body is Parameters with one parameter 'meta', a Meta.");
    }

    // Validation.

    /// Whether a resource could be stored as far as its structure goes; profiles are not looked at.
    private static OperationOutcome validated(ServletRequestDetails request) {
        try {
            return judged(request, wanted(request, Body.resource(request)));
        } catch (BaseServerResponseException e) {
            if (e.getStatusCode() == HttpStatus.BAD_REQUEST.value()
                    && e.getOperationOutcome() instanceof OperationOutcome outcome
                    && outcome.getIssueFirstRep().getCode() == IssueType.STRUCTURE) {
                return outcome;
            }
            throw e;
        }
    }

    private static Resource wanted(ServletRequestDetails request, Resource body) {
        if (!(body instanceof Parameters parameters)
                || request.getResourceName().equals("Parameters")) {
            return body;
        }
        Optional<Resource> resource = Optional.empty();
        for (var parameter : parameters.getParameter()) {
            switch (Optional.ofNullable(parameter.getName()).orElse("")) {
                case "resource" -> resource = Optional.ofNullable(parameter.getResource());
                case "mode" -> {
                    if (!(parameter.getValue() instanceof PrimitiveType<?> mode)
                            || !MODES.contains(mode.getValueAsString())) {
                        throw Outcomes.unsupported("Modes to validate for are create and update.");
                    }
                }
                default ->
                        throw Outcomes.unsupported(
                                "'" + parameter.getName() + "' is not supported for $validate.");
            }
        }
        return resource.orElseThrow(() -> Outcomes.malformed("There is no resource to validate."));
    }

    private static OperationOutcome judged(ServletRequestDetails request, Resource resource) {
        if (!resource.fhirType().equals(request.getResourceName())) {
            return Outcomes.outcome(
                    IssueType.INVALID,
                    "It is a "
                            + resource.fhirType()
                            + " where a "
                            + request.getResourceName()
                            + " belongs.");
        }
        var outcome = new OperationOutcome();
        for (var path : Structure.missing(resource)) {
            outcome.addIssue()
                    .setSeverity(IssueSeverity.ERROR)
                    .setCode(IssueType.REQUIRED)
                    .setDiagnostics(path + " is missing.")
                    .addExpression(path);
        }
        if (!outcome.hasIssue()) {
            outcome.addIssue()
                    .setSeverity(IssueSeverity.INFORMATION)
                    .setCode(IssueType.INFORMATIONAL)
                    .setDiagnostics("Its structure is valid. Profiles were not looked at.");
        }
        return outcome;
    }
}
