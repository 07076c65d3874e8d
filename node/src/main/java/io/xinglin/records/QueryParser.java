package io.xinglin.records;

import ca.uhn.fhir.rest.server.exceptions.BaseServerResponseException;
import io.xinglin.contracts.MemberId;
import io.xinglin.records.Query.Total;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.hl7.fhir.r4.model.OperationOutcome;
import org.hl7.fhir.r4.model.OperationOutcome.IssueType;

/// Understands a search: a parameter, modifier or value that is not understood is refused, never ignored, unless who asks said
/// that it may be; then it is told which were.
final class QueryParser {
    private static final Set<String> FORM = Set.of("_format", "_pretty");
    private static final Set<String> SUMMARIES = Set.of("true", "false", "text", "data", "count");
    private static final Set<String> NARROWING =
            Set.of("patient", "subject", "beneficiary", "individual", "actor");
    private static final Set<String> ONCE =
            Set.of("_count", "_sort", "_summary", "_elements", "_total", Query.AFTER);
    private static final int COUNT_ASKED_MAX = 10_000;
    private static final int CRITERIA_MAX = 40;
    private static final int SORTS_MAX = 5;
    private static final int INCLUDES_MAX = 20;

    private final MemberId custodian;
    private final R4.Type type;
    private final Criteria understand;
    private final boolean lenient;
    private final List<Criterion> criteria = new ArrayList<>();
    private final List<Sort> sort = new ArrayList<>();
    private final List<Include> includes = new ArrayList<>();
    private final List<String> ignored = new ArrayList<>();
    private Optional<Set<String>> ids = Optional.empty();
    private Optional<String> patient = Optional.empty();
    private Optional<IdentifierQuery> patientIdentifier = Optional.empty();
    private boolean isChained;
    private Total total = Total.IF_KNOWN;
    private int count = Query.COUNT_DEFAULT;
    private Place after = Place.BEGIN;

    /// Understands a search, and refuses what it does not understand.
    static Query strict(
            MemberId custodian,
            R4.Type type,
            Map<String, List<String>> asked,
            String base,
            Instant now) {
        return new QueryParser(custodian, type, base, now, false).parse(asked);
    }

    /// @param base the organisation's own address, under which a reference may be absolute
    /// @param lenient whether what is not supported is ignored
    QueryParser(MemberId custodian, R4.Type type, String base, Instant now, boolean lenient) {
        this.custodian = custodian;
        this.type = type;
        this.understand = new Criteria(new Conditions(base, now));
        this.lenient = lenient;
    }

    /// Goes on somewhere that no address can say.
    QueryParser from(Place place) {
        after = place;
        return this;
    }

    Query parse(Map<String, List<String>> asked) {
        var understood = new TreeMap<String, List<String>>();
        asked.forEach(
                (name, values) -> {
                    if (ONCE.contains(name) && values.size() > 1) {
                        throw Outcomes.invalid("'" + name + "' is given twice.");
                    }
                    values.forEach(value -> understood(name, value, understood));
                });
        if (isChained && patient.isPresent()) {
            throw Outcomes.unsupported(
                    "Name the patient once: by patient=… or by patient.identifier=…");
        }
        if (criteria.size() > CRITERIA_MAX || includes.size() > INCLUDES_MAX) {
            throw Outcomes.tooCostly(
                    "A search has %d parameters and %d includes at most."
                            .formatted(CRITERIA_MAX, INCLUDES_MAX));
        }
        if (!after.isBegin() && after.keys().size() != sort.size()) {
            throw notOurs();
        }
        if (asked.containsKey("_elements") && asked.containsKey("_summary")) {
            throw Outcomes.invalid("'_summary' and '_elements' are not given together.");
        }
        if (type.name().equals("Patient") && ids.isPresent() && ids.get().size() == 1) {
            patient = Optional.of(ids.get().iterator().next());
        }
        return new Query(
                custodian,
                type,
                List.copyOf(criteria),
                ids,
                patient,
                patientIdentifier,
                List.copyOf(sort),
                List.copyOf(includes),
                total,
                total == Total.ONLY ? 0 : count,
                after,
                understood,
                List.copyOf(ignored));
    }

    private void understood(String name, String value, Map<String, List<String>> understood) {
        try {
            parameter(name, value);
            understood.computeIfAbsent(name, _ -> new ArrayList<>()).add(value);
        } catch (BaseServerResponseException e) {
            if (!lenient || !isUnsupported(e)) {
                throw e;
            }
            ignored.add(name);
        }
    }

    private static boolean isUnsupported(BaseServerResponseException refusal) {
        return refusal.getOperationOutcome() instanceof OperationOutcome outcome
                && outcome.getIssueFirstRep().getCode() == IssueType.NOTSUPPORTED;
    }

    private void parameter(String name, String value) {
        if (value.isBlank()) {
            throw Outcomes.invalid("The parameter '" + name + "' has no value.");
        }
        switch (name) {
            case "_id" -> ids(value);
            case "_count" -> count(value);
            case "_sort" -> Values.plain(value).forEach(this::sort);
            case "_summary" -> summary(value);
            case "_elements" -> Values.plain(value).forEach(this::element);
            case "_total" -> total(value);
            case Query.AFTER -> after = place(value);
            default -> {
                if (name.startsWith("_include") || name.startsWith("_revinclude")) {
                    includes.add(Include.parse(name, value, type.name()));
                } else if (!FORM.contains(name) && !namesPatientByIdentifier(name, value)) {
                    criterion(name, value);
                }
            }
        }
    }

    private void criterion(String name, String value) {
        var criterion = understand.of(type, name, value);
        criteria.add(criterion);
        switch (criterion) {
            case TokenCondition tokens when tokens.parameter().name().equals("identifier") ->
                    namesPatient(tokens);
            case Condition.OfReferences references -> narrow(references);
            default -> {}
        }
    }

    private void narrow(Condition.OfReferences references) {
        var alternatives = references.alternatives();
        if (NARROWING.contains(references.parameter().name())
                && type.patients().contains(references.parameter())
                && alternatives.size() == 1
                && patient.isEmpty()) {
            var reference = alternatives.getFirst();
            patient =
                    ResourceId.isId(reference)
                            ? Optional.of(reference)
                            : Patients.patient(reference);
        }
    }

    private void namesPatient(TokenCondition condition) {
        var alternatives = condition.alternatives();
        if (type.name().equals("Patient")
                && alternatives.size() == 1
                && !alternatives.getFirst().code().isEmpty()) {
            patientIdentifier = Optional.of(identifier(alternatives.getFirst()));
        }
    }

    private static IdentifierQuery identifier(TokenCondition.Pattern pattern) {
        return new IdentifierQuery("Patient", pattern.system().orElse(""), pattern.code());
    }

    /// `patient.identifier=system|value` names the one patient; other chains to identifiers are chains.
    private boolean namesPatientByIdentifier(String name, String value) {
        var reference = Query.PATIENT_IDENTIFIERS.get(name);
        var values = reference == null ? List.<String>of() : Values.alternatives(value);
        if (values.size() != 1
                || type.patients().stream().noneMatch(one -> one.name().equals(reference))) {
            return false;
        }
        if (isChained) {
            throw Outcomes.unsupported("Name the patient once.");
        }
        isChained = true;
        patientIdentifier = Optional.of(identifier(Conditions.pattern(values.getFirst())));
        return true;
    }

    private void ids(String value) {
        var wanted = new HashSet<String>();
        Values.plain(value).forEach(id -> wanted.add(id(id)));
        ids.ifPresent(wanted::retainAll);
        ids = Optional.of(Set.copyOf(wanted));
    }

    private static String id(String value) {
        if (!ResourceId.isId(value)) {
            throw Outcomes.invalid("'_id' takes FHIR ids.");
        }
        return value;
    }

    private void count(String value) {
        if (!value.matches("\\d{1,9}")) {
            throw Outcomes.invalid("_count is a number from 0 up.");
        }
        var asked = Integer.parseInt(value);
        if (asked > COUNT_ASKED_MAX) {
            throw Outcomes.tooCostly(
                    "_count is %d at most, and %d come on a page; follow the links."
                            .formatted(COUNT_ASKED_MAX, Query.COUNT_MAX));
        }
        if (asked == 0) {
            total = Total.ONLY;
        }
        count = Math.min(Query.COUNT_MAX, asked);
    }

    private void sort(String key) {
        var descending = key.startsWith("-");
        var parameter = type.parameters().get(descending ? key.substring(1) : key);
        if (parameter == null || !Sort.isPossible(parameter)) {
            throw Outcomes.unsupported(type.name() + " cannot be sorted by '" + key + "'.");
        }
        sort.add(new Sort(parameter, descending));
        if (sort.size() > SORTS_MAX) {
            throw Outcomes.tooCostly("_sort takes " + SORTS_MAX + " keys at most.");
        }
    }

    private void summary(String value) {
        if (!SUMMARIES.contains(value)) {
            throw Outcomes.invalid("_summary is one of true, false, text, data, count.");
        }
        if (value.equals("count")) {
            total = Total.ONLY;
        }
    }

    private void element(String name) {
        if (R4.context().getResourceDefinition(type.name()).getChildByName(name) == null
                && R4.context().getResourceDefinition(type.name()).getChildByName(name + "[x]")
                        == null) {
            throw Outcomes.invalid(type.name() + " has no element '" + name + "'.");
        }
    }

    private void total(String value) {
        var asked =
                switch (value) {
                    case "none" -> Total.NONE;
                    case "estimate" -> Total.ESTIMATE;
                    case "accurate" -> Total.ACCURATE;
                    default -> throw Outcomes.invalid("_total is none, estimate or accurate.");
                };
        total = total == Total.ONLY ? total : asked;
    }

    private static RuntimeException notOurs() {
        return Outcomes.invalid("'" + Query.AFTER + "' is not from a link of this server.");
    }

    /// `id`, or `owner/id` where matches go owner by owner.
    private static Place place(String value) {
        var slash = value.indexOf('/');
        var owner = slash < 0 ? "" : value.substring(0, slash);
        var id = value.substring(slash + 1);
        if ((!owner.isEmpty() && !ResourceId.isId(owner))
                || (!id.isEmpty() && !ResourceId.isId(id))) {
            throw notOurs();
        }
        return Place.of(owner, id);
    }
}
