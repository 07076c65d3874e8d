package io.xinglin.contracts;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Transactions with fixed bytes and what they must read and write, or which rule they break: every engine, now and later,
/// must say the same. Each committed one is a block of its own.
///
/// A file in `golden` is never rewritten when it fails: a change of it is a new version of a contract. What is new gets a file
/// of its own.
class GoldenTests {
    private static Path file(String name) {
        return Path.of("src/test/resources/golden").resolve(name + ".json");
    }

    @ParameterizedTest
    @ValueSource(strings = {"transactions", "witnesses"})
    void every_transaction_reads_and_writes_what_it_always_did(String name) throws IOException {
        var ledger = MemoryLedger.empty();

        for (var step : JsonReader.object(Files.readString(file(name))).items("steps")) {
            var expected = (JsonObject) step;

            assertThat(outcome(ledger, expected.string("jws"), expected.whole("time")))
                    .as(expected.string("name"))
                    .isEqualTo(expected.object("outcome").text());
        }
    }

    private static String outcome(MemoryLedger ledger, String jws, long millis) {
        ledger.setTime(Instant.ofEpochMilli(millis));
        try {
            return ledger.submit(SignedTransaction.parse(jws)).toJson();
        } catch (ContractViolation violation) {
            return JsonObject.with("violation", violation.code().word()).text();
        }
    }

    /// Writes a file for a new version of the contracts.
    static final class Author {
        private final MemoryLedger ledger = MemoryLedger.empty();
        private final List<Json> steps = new ArrayList<>();

        /// Writes the file that the argument names.
        public static void main(String[] args) throws IOException {
            var author = new Author();
            switch (args[0]) {
                case "transactions" -> author.writeSteps();
                case "witnesses" -> author.writeWitnesses();
                default -> throw new IllegalArgumentException(args[0]);
            }
            var lines = author.steps.stream().map(Json::text).toList();
            Files.writeString(
                    file(args[0]),
                    "{\"steps\":[\n" + String.join(",\n", lines) + "\n]}\n",
                    StandardCharsets.UTF_8);
        }

        private void writeSteps() {
            var hospital = ledger.hospital;
            add("an organisation before the founding", hospital, join(hospital));
            add("the founding", ledger.operator, ledger.founding());
            add("a second founding", ledger.operator, ledger.founding());
            add("an organisation joins", hospital, join(hospital));
            add("an organisation joins again", hospital, join(hospital));
            add(
                    "an EdDSA organisation joins",
                    ledger.clinic,
                    ledger.join(ledger.clinic, MemoryLedger.CLINIC));
            var patient = TestKey.es256();
            add("a patient's key", patient, ledger.register(patient, KeyKind.PATIENT));
            var practitioner = TestKey.ed25519();
            add(
                    "a practitioner's key",
                    practitioner,
                    ledger.register(practitioner, KeyKind.PRACTITIONER));
            var consent = UUID.fromString("0b8d2b7e-6f3a-4f0e-9a53-0c6a1e0e7c11");
            var grant = ledger.sign(patient, ledger.grant(consent));
            add("a grant", grant);
            add("the same grant", grant);
            add("a grant of the same consent", patient, ledger.grant(consent));
            add("a grant by a practitioner", practitioner, ledger.grant(UUID.randomUUID()));
            var next = TestKey.ed25519();
            var proof =
                    new RotationProof(MemoryLedger.NAME, patient.id())
                            .sign(next.id(), next.signer());
            add("a rotation", patient, new KeysCommand.Rotate(next.jwk(), proof));
            add("a withdrawal by the old key", patient, new ConsentCommand.Withdraw(consent));
            add("a withdrawal by the new key", next, new ConsentCommand.Withdraw(consent));
            add("a second withdrawal", next, new ConsentCommand.Withdraw(consent));
            add("a checkpoint", hospital, ledger.checkpoint(256, (byte) 1));
            add("the checkpoint again", hospital, ledger.checkpoint(256, (byte) 1));
            add("another root", hospital, ledger.checkpoint(256, (byte) 2));
            add("a revocation", hospital, new KeysCommand.Revoke(practitioner.id()));
            add("the revoked key", practitioner, new KeysCommand.Revoke(next.id()));
            var late = ledger.sign(next, ledger.grant(UUID.randomUUID()));
            ledger.setTime(late.notAfter().plusMillis(1));
            add("a grant after its time", late);
        }

        private void writeWitnesses() {
            var hospital = ledger.hospital;
            add("the founding", ledger.operator, ledger.founding());
            add("an organisation joins", hospital, join(hospital));
            add("it becomes a witness", hospital, ledger.witness("AAAA"));
            var moved = Optional.of("https://hospital.example/fhir");
            add(
                    "it moves and stays one",
                    hospital,
                    new MembershipCommand.Update(Optional.empty(), moved, Optional.empty()));
            add("it takes another key", hospital, ledger.witness("BBBB"));
            var clinic = ledger.join(ledger.clinic, MemoryLedger.CLINIC);
            var witness = ledger.witness("CCCC").witness().orElseThrow();
            add(
                    "another joins as a witness",
                    ledger.clinic,
                    new MembershipCommand.Join(clinic.key(), clinic.member().witnessing(witness)));
            var patient = TestKey.es256();
            add("a patient's key", patient, ledger.register(patient, KeyKind.PATIENT));
            add("a patient as a witness", patient, ledger.witness("DDDD"));
        }

        private MembershipCommand.Join join(TestKey key) {
            return ledger.join(key, MemoryLedger.HOSPITAL);
        }

        private void add(String name, TestKey signer, Command command) {
            add(name, ledger.sign(signer, command));
        }

        private void add(String name, SignedTransaction transaction) {
            var time = ledger.time().toEpochMilli();
            var outcome = JsonReader.object(outcome(ledger, transaction.jws(), time));
            steps.add(
                    JsonObject.with("name", name)
                            .with("time", time)
                            .with("jws", transaction.jws())
                            .with("outcome", outcome)
                            .build());
        }
    }
}
