package io.xinglin.contracts;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Transactions with fixed bytes and what they must read and write, or which rule they break: every engine, now and later,
/// must say the same. Each committed one is a block of its own.
///
/// The files in `golden` are for the tests of every engine. None is ever rewritten when it fails: a change of it is a new
/// version of a contract. What is new gets a file of its own.
class GoldenTests {
    private static final Change SLOW = new Change.Setting(Parameter.BLOCK_WAIT_MILLIS, 1_000);

    private static Path file(String name) {
        return Path.of("src/test/resources/golden").resolve(name + ".json");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"transactions", "witnesses", "governance", "governance-2", "membership-2"})
    void every_transaction_reads_and_writes_what_it_always_did(String name) throws IOException {
        var ledger = MemoryLedger.empty();

        for (var expected : steps(name)) {
            assertThat(outcome(ledger, expected))
                    .as(expected.string("name"))
                    .isEqualTo(expected.object("outcome").text());
        }
    }

    /// Immutable sets and maps, and identity hashes, have another order in each process; the rest differs from country to country.
    @ParameterizedTest
    @ValueSource(
            strings = {"transactions", "witnesses", "governance", "governance-2", "membership-2"})
    void it_does_so_on_machines_that_differ_in_all_that_must_not_matter(String name)
            throws Exception {
        var expected = steps(name).stream().map(step -> step.object("outcome").text()).toList();

        assertThat(outcomesOn(name, "-XX:hashCode=1", "-Duser.language=tr", "-Duser.country=TR"))
                .isEqualTo(expected);
        assertThat(
                        outcomesOn(
                                name,
                                "-XX:hashCode=3",
                                "-Duser.language=ar",
                                "-Duser.timezone=Pacific/Kiritimati",
                                "-Dfile.encoding=COMPAT"))
                .isEqualTo(expected);
    }

    private static List<String> outcomesOn(String name, String... machine) throws Exception {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-Xshare:off");
        command.add("-XX:+UnlockExperimentalVMOptions");
        command.addAll(List.of(machine));
        command.addAll(List.of("-cp", System.getProperty("java.class.path")));
        command.addAll(List.of(Machine.class.getName(), name));
        var process = new ProcessBuilder(command).redirectError(Redirect.INHERIT).start();
        try (var lines = process.inputReader(StandardCharsets.UTF_8)) {
            return lines.lines().toList();
        } finally {
            assertThat(process.waitFor()).isZero();
        }
    }

    /// Another process that runs the suite and prints what comes out.
    static final class Machine {
        private Machine() {}

        /// Runs it.
        public static void main(String[] args) throws IOException {
            var ledger = MemoryLedger.empty();
            var out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
            steps(args[0]).forEach(step -> out.println(outcome(ledger, step)));
        }
    }

    private static List<JsonObject> steps(String name) throws IOException {
        return JsonReader.object(Files.readString(file(name))).items("steps").stream()
                .map(JsonObject.class::cast)
                .toList();
    }

    private static String outcome(MemoryLedger ledger, JsonObject step) {
        return outcome(ledger, step.string("jws"), step.whole("time"));
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
        private final MemoryLedger ledger;
        private final List<Json> steps = new ArrayList<>();

        private Author(long seed) throws GeneralSecurityException {
            var random = SecureRandom.getInstance("SHA1PRNG");
            random.setSeed(seed);
            this.ledger = MemoryLedger.empty(random);
        }

        /// Writes the file that the first argument names, from the seed that the second one may be.
        public static void main(String[] args) throws IOException, GeneralSecurityException {
            var seed = args.length > 1 ? Long.parseLong(args[1]) : new SecureRandom().nextInt();
            System.out.println("seed " + seed);
            var author = new Author(seed);
            switch (args[0]) {
                case "transactions" -> author.writeSteps();
                case "witnesses" -> author.writeWitnesses();
                case "governance" -> author.writeGovernance();
                case "governance-2" -> author.writeGovernance2();
                case "membership-2" -> author.writeMembership2();
                default -> throw new IllegalArgumentException(args[0]);
            }
            var lines = author.steps.stream().map(Json::text).toList();
            Files.writeString(
                    file(args[0]),
                    "{\"seed\":" + seed + ",\"steps\":[\n" + String.join(",\n", lines) + "\n]}\n",
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
            var patient = ledger.es256();
            add("a patient's key", patient, ledger.register(patient, KeyKind.PATIENT));
            var practitioner = ledger.ed25519();
            add(
                    "a practitioner's key",
                    practitioner,
                    ledger.register(practitioner, KeyKind.PRACTITIONER));
            var consent = UUID.fromString("0b8d2b7e-6f3a-4f0e-9a53-0c6a1e0e7c11");
            var grant = ledger.sign(patient, ledger.grant(consent));
            add("a grant", grant);
            add("the same grant", grant);
            add("a grant of the same consent", patient, ledger.grant(consent));
            add("a grant by a practitioner", practitioner, ledger.grant(ledger.id()));
            var next = ledger.ed25519();
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
            var late = ledger.sign(next, ledger.grant(ledger.id()));
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
            var patient = ledger.es256();
            add("a patient's key", patient, ledger.register(patient, KeyKind.PATIENT));
            add("a patient as a witness", patient, ledger.witness("DDDD"));
        }

        private void writeGovernance() {
            var hospital = ledger.hospital;
            var clinic = ledger.clinic;
            add("the founding", ledger.operator, ledger.founding());
            add("an organisation joins", hospital, join(hospital));
            add("another joins", clinic, ledger.join(clinic, MemoryLedger.CLINIC));
            var pharmacy = ledger.es256();
            var id = new MemberId("spring-pharmacy");
            add("a stranger joins", pharmacy, ledger.join(pharmacy, id));
            var admission = propose("an admission", new Change.Admission(id, pharmacy.id()));
            add("a vote", hospital, new GovernanceCommand.Vote(admission, true));
            add("a second vote", hospital, new GovernanceCommand.Vote(admission, false));
            add("a decision too early", hospital, new GovernanceCommand.Decide(admission));
            add("a vote in EdDSA", clinic, new GovernanceCommand.Vote(admission, true));
            add("a decision", clinic, new GovernanceCommand.Decide(admission));
            add("a decision again", clinic, new GovernanceCommand.Decide(admission));
            add("the admitted joins", pharmacy, ledger.join(pharmacy, id));
            decide("a suspension", new Change.Suspension(id));
            add("a suspended member", pharmacy, new GovernanceCommand.Decide(admission));
            decide("a readmission", new Change.Readmission(id));
            decide("a setting", new Change.Setting(Parameter.MAJORITY_PERCENT, 60));
            decide("an upgrade", new Change.Upgrade("anchor", 2));
            add("the former version", ledger.sign(hospital, ledger.checkpoint(512, (byte) 3), 1));
            add("the new version", ledger.sign(hospital, ledger.checkpoint(512, (byte) 3), 2));
            var refused = propose("an unwelcome setting", SLOW);
            add("a no", hospital, new GovernanceCommand.Vote(refused, false));
            add("another no", clinic, new GovernanceCommand.Vote(refused, false));
            add("a rejection", hospital, new GovernanceCommand.Decide(refused));
            var expired = propose("a setting nobody minds", SLOW);
            ledger.pass(Duration.ofDays(8));
            add("a vote too late", hospital, new GovernanceCommand.Vote(expired, true));
        }

        private void writeGovernance2() {
            var hospital = ledger.hospital;
            var clinic = ledger.clinic;
            add("the founding", ledger.operator, ledger.founding());
            add("an organisation joins", hospital, join(hospital));
            add("another joins", clinic, ledger.join(clinic, MemoryLedger.CLINIC));
            var pharmacy = ledger.es256();
            var id = new MemberId("spring-pharmacy");
            propose("an idle suspension in version 1", new Change.Suspension(id));
            decide("an upgrade", new Change.Upgrade("governance", 2));
            propose("a suspension of nobody", new Change.Suspension(id));
            propose("a readmission of nobody", new Change.Readmission(id));
            propose(
                    "an admission of a member",
                    new Change.Admission(MemoryLedger.HOSPITAL, pharmacy.id()));
            propose("an admission with a member's key", new Change.Admission(id, clinic.id()));
            decide("an admission", new Change.Admission(id, ledger.es256().id()));
            decide("an admission with another key", new Change.Admission(id, pharmacy.id()));
            propose("the admission again", new Change.Admission(id, pharmacy.id()));
            propose("an idle readmission", new Change.Readmission(id));
            add("the admitted joins", pharmacy, ledger.join(pharmacy, id));
            decide("a suspension", new Change.Suspension(id));
            propose("the suspension again", new Change.Suspension(id));
            decide("a readmission", new Change.Readmission(id));
            decide("a setting", new Change.Setting(Parameter.MAJORITY_PERCENT, 60));
        }

        private void writeMembership2() {
            var hospital = ledger.hospital;
            var clinic = ledger.clinic;
            var name = "localhost:8080/log/" + MemoryLedger.CLINIC;
            add("the founding", ledger.operator, ledger.founding());
            add("an organisation joins", hospital, join(hospital));
            add("another joins with its key", clinic, ledger.join(clinic, MemoryLedger.CLINIC));
            decide("an upgrade that must wait", new Change.Upgrade("membership", 2));
            add("it takes a key of its own", clinic, log(MemoryLedger.vkey(name, 1, 7)));
            decide("an upgrade", new Change.Upgrade("membership", 2));
            add("a witness with a key of its own", hospital, witness(8));
            add("a witness with another's key", hospital, witness(7));
            add("a log with another's key", clinic, log(MemoryLedger.vkey(name, 4, 8)));
            var pharmacy = ledger.es256();
            var id = new MemberId("spring-pharmacy");
            decide("an admission", new Change.Admission(id, pharmacy.id()));
            add("a thief joins", pharmacy, ledger.join(pharmacy, id));
            var own = MemoryLedger.vkey("localhost:8080/log/" + id, 1, 9);
            add("the admitted joins", pharmacy, ledger.join(pharmacy, id, own));
            add("a move", hospital, witness(8));
        }

        private static MembershipCommand.Update log(String vkey) {
            var origin = "localhost:8080/log/" + MemoryLedger.CLINIC;
            return new MembershipCommand.Update(
                    Optional.empty(),
                    Optional.empty(),
                    Optional.of(new MemberLog(origin, "http://" + origin, vkey)));
        }

        private static MembershipCommand.Update witness(int key) {
            var vkey = MemoryLedger.vkey("localhost:8080/witness", 4, key);
            return new MembershipCommand.Update(
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.of(new MemberWitness("http://localhost:8080/witness", vkey)));
        }

        private UUID propose(String name, Change change) {
            var id = ledger.id();
            var expires = ledger.time().plus(Duration.ofDays(7)).truncatedTo(ChronoUnit.SECONDS);
            add(name, ledger.hospital, new GovernanceCommand.Propose(id, change, expires));
            return id;
        }

        private void decide(String name, Change change) {
            var id = propose(name + " proposed", change);
            add(name + ", first yes", ledger.hospital, new GovernanceCommand.Vote(id, true));
            add(name + ", second yes", ledger.clinic, new GovernanceCommand.Vote(id, true));
            add(name + " decided", ledger.clinic, new GovernanceCommand.Decide(id));
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
