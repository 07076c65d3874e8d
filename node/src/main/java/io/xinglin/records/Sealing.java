package io.xinglin.records;

import io.xinglin.contracts.MemberId;
import io.xinglin.identity.Identities;
import io.xinglin.identity.PatientId;
import io.xinglin.records.Compartment.Owner;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.stereotype.Component;

/// Seals what is to be stored, under the keys of those whose record it is in. New patients are given keys.
@Component
class Sealing {
    private final PatientTable patients;
    private final Compartments compartments;
    private final Identities identities;
    private final SecureRandom random;
    private final Seal seal;

    Sealing(
            PatientTable patients,
            Compartments compartments,
            Identities identities,
            SecureRandom random) {
        this.patients = patients;
        this.compartments = compartments;
        this.identities = identities;
        this.random = random;
        this.seal = new Seal(random);
    }

    /// The versions to be stored: those of the documents in their order, then the deletions.
    List<NewVersion> seal(
            MemberId custodian,
            String author,
            List<Document> documents,
            List<Target> deletions,
            Instant now) {
        enrol(custodian, documents);
        var ofAll = compartments.indexing(Owner.organisation(custodian));
        var keyed =
                documents.stream()
                        .map(
                                document ->
                                        new Keyed(
                                                document,
                                                compartments.sealing(
                                                        document.owner(), document.classes()),
                                                compartments.indexing(document.owner())))
                        .toList();
        return Stream.concat(
                        Writer.stream(keyed).map(one -> seal(one, ofAll, author, now)),
                        deletions.stream().map(one -> deletion(one, author, now)))
                .toList();
    }

    private NewVersion seal(Keyed keyed, CompartmentKey ofAll, String author, Instant now) {
        var document = keyed.document;
        var id = document.target().version();
        var type = R4.type(id.resource().type()).orElseThrow();
        var version = new Version(id, now, author, salt(), document.json());
        return new NewVersion(
                id,
                false,
                document.target().current().map(StoredVersion::resource).orElse(0L),
                document.owner(),
                keyed.sealing.compartment(),
                document.category(),
                now,
                keyed.indexing.index().of(type, document.tree()),
                ofAll.index().across(type, document.tree()),
                version.opening(),
                seal.seal(keyed.sealing, document.category(), version));
    }

    /// A deletion has the labels of what it deletes, so that whoever could read that is told that it is deleted, and nobody else.
    private NewVersion deletion(Target target, String author, Instant now) {
        var current = target.current().orElseThrow();
        var key = compartments.sealing(current.owner(), Categories.classes(current.currentClass()));
        var category = Categories.category(current.currentCategory());
        var version = new Version(target.version(), now, author, salt(), new byte[0]);
        return new NewVersion(
                target.version(),
                true,
                current.resource(),
                current.owner(),
                key.compartment(),
                category,
                now,
                new long[0],
                List.of(),
                version.opening(),
                seal.seal(key, category, version));
    }

    private byte[] salt() {
        var salt = new byte[Version.SALT_BYTES];
        random.nextBytes(salt);
        return salt;
    }

    /// A patient's keys are on the ledger before the first thing is sealed for them; a record is of a patient known here.
    private void enrol(MemberId custodian, List<Document> documents) {
        var others = ofOthers(documents);
        var known = patients.known(custodian, owners(others));
        others.stream()
                .filter(document -> !known.contains(document.owner().id()))
                .findFirst()
                .ifPresent(
                        document -> {
                            throw Outcomes.unprocessable(
                                    document.target()
                                            .change()
                                            .says(
                                                    "is about Patient/"
                                                            + document.owner().id()
                                                            + ", not known here."));
                        });
        documents.stream()
                .filter(
                        document ->
                                document.isPatient() && document.target().version().number() == 1)
                .forEach(
                        document ->
                                identities.enrol(new PatientId(custodian, document.owner().id())));
    }

    /// Those about patients who are not stored with them.
    static List<Document> ofOthers(List<Document> documents) {
        var stored = owners(documents.stream().filter(Document::isPatient).toList());
        return documents.stream()
                .filter(document -> !document.owner().id().isEmpty())
                .filter(document -> !stored.contains(document.owner().id()))
                .toList();
    }

    static Set<String> owners(List<Document> documents) {
        return documents.stream()
                .map(document -> document.owner().id())
                .collect(Collectors.toSet());
    }

    private record Keyed(Document document, CompartmentKey sealing, CompartmentKey indexing) {}
}
