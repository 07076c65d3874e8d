package io.xinglin.records;

import ca.uhn.fhir.parser.DataFormatException;
import io.xinglin.consent.RecordCategory;
import io.xinglin.consent.SensitivityClass;
import io.xinglin.contracts.MemberId;
import io.xinglin.identity.Caller;
import io.xinglin.identity.Identities;
import io.xinglin.identity.PatientId;
import io.xinglin.log.EntryKind;
import io.xinglin.log.Logs;
import io.xinglin.platform.NodeProperties;
import io.xinglin.records.Compartment.Owner;
import io.xinglin.records.Written.How;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Date;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.hl7.fhir.r4.model.IdType;
import org.springframework.dao.ConcurrencyFailureException;
import org.springframework.dao.OptimisticLockingFailureException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Stores changes: all of them in one database transaction with their log entries, or none.
///
/// Everything that takes time or can be wrong comes before that transaction: parsing, looking up what is referred to, keys on
/// the ledger, sealing. The transaction inserts, and fails if someone else was faster.
@Component
class Writer {
    private static final int ATTEMPTS_MAX = 5;

    /// From this many resources on, all processors are used.
    private static final int PARALLEL_FROM = 32;

    private final RecordTable table;
    private final Compartments compartments;
    private final Unsealing unsealing;
    private final Identities identities;
    private final Logs logs;
    private final TransactionTemplate transaction;
    private final InstantSource time;
    private final SecureRandom random;
    private final Seal seal;
    private final String base;

    Writer(
            RecordTable table,
            Compartments compartments,
            Unsealing unsealing,
            Identities identities,
            Logs logs,
            TransactionTemplate transaction,
            InstantSource time,
            SecureRandom random,
            NodeProperties node) {
        this.table = table;
        this.compartments = compartments;
        this.unsealing = unsealing;
        this.identities = identities;
        this.logs = logs;
        this.transaction = transaction;
        this.time = time;
        this.random = random;
        this.seal = new Seal(random);
        this.base = node.url() + "/fhir/";
    }

    /// Stores the changes; the answer has one element for each, in their order.
    List<Written> write(MemberId custodian, Caller author, List<Change> changes) {
        var name = permittedAuthor(custodian, author);
        for (var attempt = 1; ; attempt++) {
            try {
                return attempt(custodian, name, changes);
            } catch (ConcurrencyFailureException e) {
                if (attempt == ATTEMPTS_MAX || changes.stream().noneMatch(Writer::mayBeRepeated)) {
                    throw Outcomes.conflict(
                            "Someone else changed the resource at the same time; read it again.");
                }
            }
        }
    }

    /// A conditional create that met another is simply looked at again: then there is one.
    private static boolean mayBeRepeated(Change change) {
        return change.ifNoneExist().isPresent();
    }

    /// The author as the record will name them.
    ///
    /// @throws ca.uhn.fhir.rest.server.exceptions.ForbiddenOperationException if they may not write here
    static String permittedAuthor(MemberId custodian, Caller author) {
        if (!author.custodian().equals(custodian)) {
            throw Outcomes.forbidden("This token is for another organisation.");
        }
        return switch (author) {
            case Caller.Staff staff -> "Practitioner/" + staff.practitioner();
            case Caller.Service service -> "system " + service.client();
            case Caller.Patient _, Caller.Peer _ ->
                    throw Outcomes.forbidden("Only the custodian's own people and systems write.");
        };
    }

    private List<Written> attempt(MemberId custodian, String author, List<Change> changes) {
        var conditions = new HashMap<IdentifierQuery, Long>();
        var targets = targets(custodian, changes, conditions);
        var now = time.instant().truncatedTo(ChronoUnit.MILLIS);
        var documents = documents(custodian, targets, now);
        var versions = seal(custodian, author, documents, now);
        transaction.executeWithoutResult(
                _ -> {
                    table.lockIdentifiers(custodian, conditions.values());
                    conditions.forEach((query, token) -> stillNone(custodian, query, token));
                    var openings = versions.stream().map(NewVersion::opening).toList();
                    if (!versions.isEmpty()) {
                        table.insert(versions, logs.append(custodian, EntryKind.WRITE, openings));
                    }
                });
        return written(targets, documents, now);
    }

    private void stillNone(MemberId custodian, IdentifierQuery query, long token) {
        var there = table.byIdentifier(custodian, query.type(), List.of(token));
        if (matching(Map.of(token, query), token, there.getOrDefault(token, List.of()))
                .findAny()
                .isPresent()) {
            throw new OptimisticLockingFailureException("created by someone else just now");
        }
    }

    // Where each change goes.

    private List<Target> targets(
            MemberId custodian, List<Change> changes, Map<IdentifierQuery, Long> conditions) {
        var queries = new LinkedHashMap<Change, IdentifierQuery>();
        for (var change : changes) {
            change.ifNoneExist()
                    .ifPresent(
                            condition ->
                                    queries.put(
                                            change,
                                            IdentifierQuery.parse(change.type(), condition)));
        }
        var found = find(custodian, queries.values());
        var created = new HashMap<IdentifierQuery, Target>();
        var targets = new ArrayList<Target>();
        var ids = new HashSet<ResourceId>();
        for (var change : changes) {
            var query = queries.get(change);
            var target =
                    query != null && created.containsKey(query)
                            ? created.get(query).sameFor(change)
                            : target(custodian, change, query, found);
            if (query != null && !target.found) {
                created.putIfAbsent(query, target);
                conditions.put(query, token(custodian, query));
            }
            if (!target.found && !ids.add(target.version.resource())) {
                throw Outcomes.invalid(
                        change.says("stores " + target.version.resource().reference() + " again."));
            }
            targets.add(target);
        }
        return targets;
    }

    private Target target(
            MemberId custodian,
            Change change,
            @org.jspecify.annotations.Nullable IdentifierQuery query,
            Map<IdentifierQuery, List<StoredVersion>> found) {
        if (query != null) {
            var matches = found.getOrDefault(query, List.of());
            if (matches.size() > 1) {
                throw Outcomes.precondition(
                        change.says("is conditional, and several resources match " + query + "."));
            }
            if (!matches.isEmpty()) {
                return Target.found(change, matches.getFirst());
            }
        }
        var id = new ResourceId(custodian, change.type(), change.id().orElseGet(this::newId));
        var current = change.id().isEmpty() ? Optional.<StoredVersion>empty() : table.current(id);
        var version = current.map(row -> row.id().number()).orElse(0);
        change.ifMatch()
                .filter(expected -> !expected.equals(version))
                .ifPresent(
                        expected -> {
                            throw Outcomes.precondition(
                                    change.says(
                                            "expects version "
                                                    + expected
                                                    + (version == 0
                                                            ? ", and there is none."
                                                            : "; the current one is "
                                                                    + version
                                                                    + ".")));
                        });
        return new Target(change, id.version(version + 1), current, false);
    }

    /// Version 7: random, but new ones sort after old ones, which keeps indexes small.
    ///
    /// @spec https://www.rfc-editor.org/rfc/rfc9562#section-5.7 RFC 9562, UUID version 7
    private String newId() {
        var high = (time.millis() << 16) | 0x7000L | (random.nextInt() & 0xfffL);
        var low = (random.nextLong() & 0x3fffffffffffffffL) | 0x8000000000000000L;
        return new java.util.UUID(high, low).toString();
    }

    // What is looked up by identifier.

    /// The resource with this identifier, or one of them.
    Optional<ResourceId> identified(MemberId custodian, IdentifierQuery query) {
        return find(custodian, List.of(query)).values().stream()
                .flatMap(List::stream)
                .map(row -> row.id().resource())
                .findFirst();
    }

    private Map<IdentifierQuery, List<StoredVersion>> find(
            MemberId custodian, java.util.Collection<IdentifierQuery> queries) {
        if (queries.isEmpty()) {
            return Map.of();
        }
        var index = compartments.indexing(Owner.organisation(custodian)).index();
        var tokens = new HashMap<String, Map<Long, IdentifierQuery>>();
        for (var query : queries) {
            tokens.computeIfAbsent(query.type(), _ -> new HashMap<>())
                    .put(query.token(index), query);
        }
        var found = new HashMap<IdentifierQuery, List<StoredVersion>>();
        tokens.forEach(
                (type, byToken) ->
                        table.byIdentifier(custodian, type, byToken.keySet())
                                .forEach(
                                        (token, rows) ->
                                                matching(byToken, token, rows)
                                                        .forEach(
                                                                row ->
                                                                        found.computeIfAbsent(
                                                                                        byToken.get(
                                                                                                token),
                                                                                        _ ->
                                                                                                new ArrayList<>())
                                                                                .add(row))));
        return found;
    }

    private Stream<StoredVersion> matching(
            Map<Long, IdentifierQuery> byToken, long token, List<StoredVersion> rows) {
        var query = byToken.get(token);
        return query == null
                ? Stream.empty()
                : rows.stream().filter(row -> query.matches(unsealing.json(row)));
    }

    private long token(MemberId custodian, IdentifierQuery query) {
        return query.token(compartments.indexing(Owner.organisation(custodian)).index());
    }

    // The bytes that will be stored.

    private List<Document> documents(MemberId custodian, List<Target> targets, Instant now) {
        var encoded =
                stream(targets.stream().filter(target -> !target.found).toList())
                        .map(target -> new Encoded(target, encode(target, now)))
                        .toList();
        var replacements = replacements(custodian, targets, encoded);
        return stream(encoded)
                .map(document -> document(custodian, document, replacements))
                .toList();
    }

    private static String encode(Target target, Instant now) {
        var resource = target.change.resource().get();
        if (!resource.fhirType().equals(target.change.type())) {
            throw Outcomes.invalid(
                    target.change.says(
                            "is a "
                                    + resource.fhirType()
                                    + " where a "
                                    + target.change.type()
                                    + " belongs."));
        }
        var version = target.version;
        resource.setId(
                new IdType(
                        version.resource().type(),
                        version.resource().id(),
                        Integer.toString(version.number())));
        resource.getMeta().setVersionId(Integer.toString(version.number()));
        resource.getMeta()
                .setLastUpdatedElement(
                        new org.hl7.fhir.r4.model.InstantType(
                                Date.from(now),
                                ca.uhn.fhir.model.api.TemporalPrecisionEnum.MILLI,
                                java.util.TimeZone.getTimeZone("UTC")));
        try {
            return R4.json().encodeResourceToString(resource);
        } catch (DataFormatException e) {
            throw Outcomes.malformed(target.change.says("is refused: " + BundleReader.plain(e)));
        }
    }

    /// What references become. Those that a bundle from elsewhere makes relative to its own base are not among them: see
    /// [#resolved].
    private Map<String, String> replacements(
            MemberId custodian, List<Target> targets, List<Encoded> encoded) {
        var replacements = new HashMap<String, String>();
        for (var target : targets) {
            target.change
                    .fullUrl()
                    .ifPresent(url -> replacements.put(url, target.version.resource().reference()));
        }
        var open = new LinkedHashMap<String, Open>();
        var address = base + custodian + "/";
        for (var document : encoded) {
            for (var reference : References.in(document.json)) {
                if (reference.startsWith(address)) {
                    replacements.putIfAbsent(reference, References.relative(reference, address));
                } else if (References.isOpen(reference) && !replacements.containsKey(reference)) {
                    open.computeIfAbsent(reference, _ -> open(reference, document.target.change));
                }
            }
        }
        var found = find(custodian, open.values().stream().map(Open::query).toList());
        open.forEach(
                (reference, one) -> {
                    var matches = found.getOrDefault(one.query, List.of());
                    if (matches.size() != 1) {
                        throw Outcomes.unprocessable(
                                one.change.says(
                                        "refers to "
                                                + reference
                                                + (matches.isEmpty()
                                                        ? ", and nothing here matches."
                                                        : ", and several match.")));
                    }
                    replacements.put(reference, matches.getFirst().id().resource().reference());
                });
        return replacements;
    }

    /// A reference that must be looked up, and who makes it.
    private record Open(IdentifierQuery query, Change change) {}

    private static Open open(String reference, Change change) {
        var mark = reference.indexOf('?');
        if (mark < 0) {
            throw Outcomes.unprocessable(
                    change.says("refers to " + reference + ", which is not in the bundle."));
        }
        return new Open(
                IdentifierQuery.parse(reference.substring(0, mark), reference.substring(mark + 1)),
                change);
    }

    private Document document(
            MemberId custodian, Encoded encoded, Map<String, String> replacements) {
        var target = encoded.target;
        var home =
                target.change.fullUrl().flatMap(url -> References.base(url, target.change.type()));
        var json =
                References.rewrite(
                                encoded.json,
                                reference -> resolved(custodian, reference, home, replacements))
                        .getBytes(StandardCharsets.UTF_8);
        var tree = JsonMapper.shared().readTree(json);
        var owner = owner(custodian, target, tree);
        target.current
                .filter(current -> !current.owner().equals(owner))
                .ifPresent(
                        _ -> {
                            throw Outcomes.unprocessable(
                                    target.change.says("would move to another patient."));
                        });
        return new Document(
                target, json, tree, owner, Categories.of(tree), Categories.sensitivity(tree));
    }

    /// What a reference becomes. A relative one is relative to where its resource comes from.
    ///
    /// @param home the base of the entry's `fullUrl`, if that is the address of a resource
    /// @spec https://hl7.org/fhir/R4/bundle.html#references FHIR R4, references in bundles
    private String resolved(
            MemberId custodian,
            String reference,
            Optional<String> home,
            Map<String, String> replacements) {
        var address = base + custodian + "/";
        var absolute =
                home.isPresent() && References.isRelative(reference)
                        ? home.get() + reference
                        : reference;
        var known = replacements.get(absolute);
        return known != null ? known : References.relative(absolute, address);
    }

    private Owner owner(MemberId custodian, Target target, JsonNode resource) {
        Patients.unresolved(target.version.resource().type(), resource)
                .ifPresent(
                        why -> {
                            throw Outcomes.unprocessable(target.change.says(why));
                        });
        var patients = Patients.of(target.version.resource(), resource);
        if (patients.size() > 1) {
            throw Outcomes.unprocessable(
                    target.change.says(
                            "is about several patients; a resource is kept in the record of one."));
        }
        return patients.stream()
                .findFirst()
                .map(id -> new Owner(custodian, id))
                .orElse(Owner.organisation(custodian));
    }

    // Keys and sealing.

    private List<NewVersion> seal(
            MemberId custodian, String author, List<Document> documents, Instant now) {
        enrol(custodian, documents);
        var ofAll = compartments.indexing(Owner.organisation(custodian));
        var keyed =
                documents.stream()
                        .map(
                                document ->
                                        new Keyed(
                                                document,
                                                compartments.sealing(
                                                        document.owner, document.classes),
                                                compartments.indexing(document.owner)))
                        .toList();
        return stream(keyed).map(one -> seal(one, ofAll, author, now)).toList();
    }

    private NewVersion seal(Keyed keyed, CompartmentKey ofAll, String author, Instant now) {
        var document = keyed.document;
        var id = document.target.version;
        var type = R4.type(id.resource().type()).orElseThrow();
        var salt = new byte[Version.SALT_BYTES];
        random.nextBytes(salt);
        var version = new Version(id, now, author, salt, document.json);
        return new NewVersion(
                id,
                document.target.current.map(StoredVersion::resource).orElse(0L),
                document.owner,
                keyed.sealing.compartment(),
                document.category,
                now,
                keyed.indexing.index().of(type, document.tree),
                ofAll.index().identifiers(type, document.tree),
                version.opening(),
                seal.seal(keyed.sealing, document.category, version));
    }

    /// A patient's keys are on the ledger before the first thing is sealed for them; a record is of a patient known here.
    private void enrol(MemberId custodian, List<Document> documents) {
        var stored =
                documents.stream()
                        .filter(Document::isPatient)
                        .map(document -> document.owner.id())
                        .collect(Collectors.toSet());
        var others =
                documents.stream()
                        .filter(document -> !document.owner.id().isEmpty())
                        .filter(document -> !stored.contains(document.owner.id()))
                        .toList();
        var known =
                known(
                        custodian,
                        others.stream().map(one -> one.owner.id()).collect(Collectors.toSet()));
        others.stream()
                .filter(document -> !known.contains(document.owner.id()))
                .findFirst()
                .ifPresent(
                        document -> {
                            throw Outcomes.unprocessable(
                                    document.target.change.says(
                                            "is about Patient/"
                                                    + document.owner.id()
                                                    + ", not known here."));
                        });
        documents.stream()
                .filter(document -> document.isPatient() && document.target.version.number() == 1)
                .forEach(
                        document ->
                                identities.enrol(new PatientId(custodian, document.owner.id())));
    }

    private Set<String> known(MemberId custodian, Set<String> patients) {
        return patients.isEmpty() ? Set.of() : table.existing(custodian, "Patient", patients);
    }

    private static List<Written> written(
            List<Target> targets, List<Document> documents, Instant now) {
        var stored = documents.iterator();
        return targets.stream()
                .map(
                        target ->
                                target.found
                                        ? new Written(
                                                target.version,
                                                How.FOUND,
                                                target.current
                                                        .map(StoredVersion::written)
                                                        .orElse(now),
                                                new byte[0])
                                        : new Written(
                                                target.version,
                                                target.version.number() == 1
                                                        ? How.CREATED
                                                        : How.UPDATED,
                                                now,
                                                stored.next().json))
                .toList();
    }

    private static <T> Stream<T> stream(List<T> list) {
        return list.size() < PARALLEL_FROM ? list.stream() : list.parallelStream();
    }

    /// Where a change goes.
    ///
    /// @param version the version it becomes, or the one that a conditional create found
    /// @param current what is there now
    /// @param found whether nothing is to be stored
    private record Target(
            Change change, VersionId version, Optional<StoredVersion> current, boolean found) {
        static Target found(Change change, StoredVersion there) {
            return new Target(change, there.id(), Optional.of(there), true);
        }

        Target sameFor(Change other) {
            return new Target(other, version, current, true);
        }
    }

    private record Encoded(Target target, String json) {}

    @SuppressWarnings("ArrayRecordComponent") // Lives for one write, never compared.
    private record Document(
            Target target,
            byte[] json,
            JsonNode tree,
            Owner owner,
            RecordCategory category,
            Set<SensitivityClass> classes) {
        boolean isPatient() {
            return target.version.resource().type().equals("Patient");
        }
    }

    private record Keyed(Document document, CompartmentKey sealing, CompartmentKey indexing) {}
}
