package io.xinglin.story;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.zip.GZIPInputStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// The main job from end to end: one record shared, refused after withdrawal, and proved by someone else's tool.
///
/// It starts a fresh node as a user would, or takes the nodes of a consortium, and talks to them over HTTP only. Each step is told in
/// plain words and checked; the first promise that does not hold ends the story with exit code 1.
public final class Story {
    private static final String HOSPITAL = "city-first-hospital";
    private static final String OTHER = "river-hospital";
    private static final String CLINIC = "apricot-clinic";
    private static final JsonMapper JSON = new JsonMapper();

    private final Teller teller;
    private final Map<String, RunningNode> homes;
    private final RunningNode node;
    private final Path sample;
    private final Path bin;
    private final Client anyone;
    private final Client integrator;
    private final Client doctor;

    private final List<Access> accesses = new ArrayList<>();

    private JsonNode hospitalKey = JSON.nullNode();
    private String patientId = "";
    private JsonNode patientKey = JSON.nullNode();
    private String consentId = "";
    private List<JsonNode> stored = List.of();

    /// What Dr Li asked for and what came of it.
    ///
    /// @param shown the resources that she was shown
    private record Access(String decision, String who, String why, String type, Set<String> shown) {
        static Access of(int status, String type, Set<String> shown) {
            var decision = status == 200 ? "permitted" : "refused";
            return new Access(decision, "li of " + OTHER, "TREAT", type, shown);
        }

        /// The same as the patient is told of it.
        static Access told(JsonNode access) {
            var who = access.get("who");
            var what = access.get("what");
            var shown = new TreeSet<String>();
            what.get("versions")
                    .forEach(it -> shown.add(it.asString().replaceFirst("/_history/.*", "")));
            return new Access(
                    access.get("decision").asString(),
                    who.get("practitioner").asString()
                            + " of "
                            + who.get("organisation").get("id").asString(),
                    access.get("why").asString(),
                    what.get("type").asString(),
                    shown);
        }
    }

    /// @param homes the nodes on which organisations are at home
    private Story(Teller teller, Map<String, RunningNode> homes, Path sample, Path bin)
            throws IOException, InterruptedException {
        this.teller = teller;
        this.homes = homes;
        this.node = Objects.requireNonNull(homes.get(HOSPITAL), HOSPITAL);
        this.sample = sample;
        this.bin = bin;
        this.anyone = new Client(node.url(), "");
        this.integrator = signedIn(HOSPITAL, "integrator");
        this.doctor = signedIn(OTHER, "li");
    }

    /// Tells the story.
    ///
    /// @param args the packaged node, the sample bundles, the directory of the command-line tools, then for each node that runs already
    ///     its organisation, port and data directory; without any, a fresh one is started
    public static void main(String[] args) throws Exception {
        var teller = new Teller();
        var code = 0;
        try {
            if (args.length > 3) {
                onConsortium(teller, args);
            } else {
                onFreshNode(teller, args);
            }
        } catch (Teller.NotTrue e) {
            teller.say("✗ " + e.getMessage());
            code = 1;
        }
        // Not before the directory, which holds keys, is gone.
        System.exit(code);
    }

    private static void onFreshNode(Teller teller, String[] args) throws Exception {
        var data = Files.createTempDirectory("xinglin-story");
        teller.say("a fresh node starts in " + data + " …");
        try (var node =
                RunningNode.start(Path.of(args[0]), data, "--xinglin.sample-records=false")) {
            var homes = Map.of(HOSPITAL, node, OTHER, node, CLINIC, node);
            new Story(teller, homes, Path.of(args[1]), Path.of(args[2])).tell();
        } finally {
            Trees.delete(data);
        }
    }

    private static void onConsortium(Teller teller, String[] args) throws Exception {
        var homes = new TreeMap<String, RunningNode>();
        for (var at = 3; at < args.length; at += 3) {
            var port = Integer.parseInt(args[at + 1]);
            var url = URI.create("http://localhost:" + port);
            var ledger = new Client(url, "").get("/ledger").json().get("name").asString();
            homes.put(
                    args[at],
                    RunningNode.at(Path.of(args[0]), Path.of(args[at + 2]), port, ledger));
            teller.say(args[at] + " is at home at " + url + ", the ledger is " + ledger);
        }
        new Story(teller, homes, Path.of(args[1]), Path.of(args[2])).tell();
    }

    private void tell() throws Exception {
        members();
        wholeRecord();
        refused();
        permitted();
        withdrawn();
        diary();
        proved();
        tampered();
        teller.say("");
        teller.say(
                "That is all of it: shared, refused, permitted, withdrawn, listed, proved, and tampering found.");
    }

    private void members() throws Exception {
        teller.chapter(1, "Two hospitals and a clinic are members of the ledger.");
        var members = anyone.get("/ledger/members").json();
        for (var id : List.of(HOSPITAL, OTHER, CLINIC)) {
            var member = member(members, id);
            teller.check(
                    member.get("log")
                            .get("vkey")
                            .asString()
                            .startsWith(member.get("log").get("origin").asString()),
                    "%s (%s) is a member with the log key %s"
                            .formatted(
                                    member.get("name").get("en").asString(),
                                    member.get("name").get("zh").asString(),
                                    shortened(member.get("log").get("vkey").asString())));
        }
        var founding = transactions("membership", "found").getFirst();
        var admitted = new TreeMap<String, String>();
        verified(founding, carriedKey(founding))
                .get("admitted")
                .forEach(it -> admitted.put(it.get("id").asString(), it.get("kid").asString()));
        var joined = new TreeSet<String>();
        for (var join : transactions("membership", "join")) {
            var id = verified(join, carriedKey(join)).get("id").asString();
            teller.require(
                    Outsider.keyId(carriedKey(join)).equals(admitted.get(id)),
                    id + " joined with the key that was admitted");
            joined.add(id);
            if (id.equals(HOSPITAL)) {
                hospitalKey = carriedKey(join);
            }
        }
        var ids = new TreeSet<String>();
        members.forEach(member -> ids.add(member.get("id").asString()));
        teller.check(
                joined.equals(ids),
                "each of the %d members joined by a transaction signed with its own key"
                        .formatted(members.size()));
        if (Set.copyOf(homes.values()).size() > 1) {
            sameLedger();
        }
    }

    /// Each node has a copy of its own, worked out from what the members agreed on.
    private void sameLedger() throws IOException, InterruptedException {
        var number = anyone.get("/ledger").json().get("height").asLong() - 1;
        var path = "/ledger/blocks/" + number;
        var hashes = new TreeSet<String>();
        for (var home : homes.values()) {
            var there = new Client(home.url(), "");
            var deadline = Instant.now().plusSeconds(10);
            while (there.get(path).status() != 200 && Instant.now().isBefore(deadline)) {
                Thread.sleep(Duration.ofMillis(100));
            }
            hashes.add(there.get(path).json().path("hash").asString("none at " + home.url()));
        }
        teller.check(
                hashes.size() == 1,
                "%d nodes have the same block %d: %s".formatted(homes.size(), number, hashes));
    }

    private void wholeRecord() throws Exception {
        teller.chapter(2, "City First Hospital stores a patient's whole record.");
        for (var line = 0; line < 2; line++) {
            var directory = store(sampleLine(line));
            teller.check(
                    directory.status() == 200, "its directory of places and people: " + directory);
        }
        awaitQuiet();
        var before = logSize();
        var keysBefore = transactions("keys", "register");
        var bundle = sampleLine(2);
        var answer = store(bundle);
        teller.check(
                answer.status() == 200, "POST /fhir/" + HOSPITAL + " takes the bundle: " + answer);
        var sent = JSON.readTree(bundle).get("entry");
        var locations = new ArrayList<String>();
        answer.json()
                .get("entry")
                .forEach(entry -> locations.add(entry.get("response").get("location").asString()));
        teller.check(
                locations.size() == sent.size(),
                "each of its %d entries has an answer".formatted(sent.size()));
        remember(sent, locations);
        teller.say("   " + countsByType());
        awaitLog(before + locations.size());
        teller.check(
                logSize() >= before + locations.size(),
                "the log grew from %d to %d entries: one for each version"
                        .formatted(before, logSize()));
        var registered = new ArrayList<>(transactions("keys", "register"));
        registered.removeAll(keysBefore);
        teller.require(registered.size() == 1, "one key is registered: the patient's");
        patientKey = carriedKey(registered.getFirst());
        var voucher = verified(registered.getFirst(), patientKey).get("voucher").asString();
        var vouched = Outsider.verify(voucher, hospitalKey);
        teller.check(
                vouched.get("kind").asString().equals("patient")
                        && vouched.get("kid").asString().equals(Outsider.keyId(patientKey)),
                "the patient's key is registered by a transaction signed with that key, and the hospital vouches for it");
    }

    private void refused() throws Exception {
        teller.chapter(
                3,
                "Dr Li of River Hospital asks for the laboratory results. Nobody has agreed to that.");
        var before = logSize();
        var answer = ask(labResults());
        teller.check(answer.status() == 403, "refused: " + answer);
        teller.check(isOperationOutcome(answer), "the answer is a FHIR OperationOutcome");
        awaitLog(before + 1);
        teller.check(logSize() == before + 1, "the refusal is in the log");
    }

    private void permitted() throws Exception {
        teller.chapter(
                4,
                "The patient agrees: laboratory results, River Hospital, treatment, seven days.");
        var patient = signedIn(HOSPITAL, "wang");
        var consent =
                patient.post(
                        "/consents/" + HOSPITAL,
                        Map.of(
                                "grantee", OTHER,
                                "categories", List.of("LABORATORY"),
                                "purposes", List.of("TREAT"),
                                "until", Instant.now().plus(Duration.ofDays(7)).toString()));
        teller.check(consent.status() == 201, "the consent is in force: " + consent);
        consentId = consent.json().get("id").asString();
        var granted = transactions("consent", "grant");
        teller.require(granted.size() == 1, "one consent is on the ledger");
        teller.check(
                verified(granted.getFirst(), patientKey)
                        .get("consent")
                        .asString()
                        .equals(consentId),
                "the ledger has it, signed with the key that was registered with the record");

        var expected = laboratoryIds();
        teller.check(
                read(labResults()).equals(expected),
                "the same read now gives exactly the %d laboratory results"
                        .formatted(expected.size()));
        teller.check(
                read(exchange("Observation?patient=" + patientId + "&_count=100")).equals(expected),
                "asking for every observation gives these and no other");
        teller.check(
                ask(exchange("MedicationRequest?patient=" + patientId)).status() == 403,
                "prescriptions are still refused");
    }

    private void withdrawn() throws Exception {
        teller.chapter(5, "The patient changes her mind.");
        var answer =
                signedIn(HOSPITAL, "wang")
                        .post("/consents/" + HOSPITAL + "/" + consentId + "/withdraw", Map.of());
        teller.check(answer.status() / 100 == 2, "withdrawn");
        teller.check(ask(labResults()).status() == 403, "the very next read is refused");
    }

    private void diary() throws Exception {
        teller.chapter(6, "The patient looks up who read what, when and why.");
        var patient = signedIn(HOSPITAL, "wang");
        var told = new ArrayList<Access>();
        for (var next = "/audit/" + HOSPITAL + "/accesses?count=3"; !next.isEmpty(); ) {
            var page = patient.get(next).json();
            page.get("accesses")
                    .forEach(
                            access -> {
                                teller.say(inWords(access));
                                told.add(Access.told(access));
                            });
            next = page.path("next").asString("");
        }
        teller.check(
                told.reversed().equals(accesses),
                "these are the %d things that Dr Li asked for, and nothing else: who, what, why and what came of it"
                        .formatted(accesses.size()));
    }

    private static String inWords(JsonNode access) {
        var who = access.get("who");
        var what = access.get("what");
        return "%s  %s, %s: %s %s, because of %s: %s"
                .formatted(
                        access.get("when").asString().substring(0, 19),
                        who.path("practitioner").asString(),
                        who.path("organisation").path("name").path("en").asString(),
                        what.get("type").asString(),
                        what.get("categories"),
                        access.get("why").asString(),
                        access.get("decision").asString().equals("refused")
                                ? "refused"
                                : what.get("count").asInt() + " shown");
    }

    private void proved() throws Exception {
        teller.chapter(7, "A receipt for one laboratory result, checked offline by others.");
        var patient = signedIn(HOSPITAL, "wang");
        var lab = laboratoryIds().iterator().next();
        var record = patient.get("/fhir/" + HOSPITAL + "/" + lab + "/_history/1");
        teller.check(record.status() == 200, "the patient reads " + lab);
        var receipt = patient.get("/receipts/" + HOSPITAL + "/" + lab + "/1");
        teller.check(receipt.status() == 200, "and fetches its receipt");
        var vkey =
                member(anyone.get("/ledger/members").json(), HOSPITAL)
                        .get("log")
                        .get("vkey")
                        .asString();
        var proof = Files.writeString(node.data().resolve("lab.tlog-proof"), receipt.text());
        var file = Files.writeString(node.data().resolve("lab.json"), record.text());

        var ours =
                node.command(
                        "verify", proof.toString(), "--vkey", vkey, "--record", file.toString());
        teller.check(ours.code() == 0, "our own command line: " + String.join(" ", ours.lines()));
        var proven = Outsider.verifyReceipt(receipt.text(), vkey);
        var statement = JSON.readTree(proven.statement());
        teller.check(
                statement.get("kind").asString().equals("write")
                        && statement.get("org").asString().equals(HOSPITAL)
                        && statement.get("resource").asString().equals(lab)
                        && statement.get("version").asString().equals("1")
                        && statement.get("sha256").asString().equals(Outsider.sha256(file)),
                "Sigstore's verifier and the JDK's Ed25519: entry %d of %d says %s"
                        .formatted(proven.index(), proven.size(), proven.statement()));
        Go.verify(teller, bin, proof, vkey, node.url() + "/log/" + HOSPITAL);
    }

    private void tampered() throws Exception {
        teller.chapter(8, "Somebody changes one byte behind the node's back.");
        var lab = laboratoryIds().iterator().next();
        var tamper = new Tamper(node);
        tamper.flipRow(HOSPITAL, lab);
        var found = node.command("fsck");
        teller.check(
                found.code() == 1 && mentions(found, lab + "/_history/1"),
                "in the database: fsck names it: " + findings(found));
        tamper.flipRow(HOSPITAL, lab);

        var tile = tamper.flipTile(HOSPITAL);
        found = node.command("fsck");
        teller.check(
                found.code() == 1 && mentions(found, tile),
                "in a tile of the log: fsck names it: " + findings(found));
        tamper.flipTile(HOSPITAL);
        teller.check(node.command("fsck").code() == 0, "with both put back, fsck has no findings");
    }

    private Client signedIn(String organisation, String user)
            throws IOException, InterruptedException {
        var home = Objects.requireNonNull(homes.get(organisation), organisation);
        return new Client(home.url(), Commands.token(bin, home, user));
    }

    private String exchange(String query) {
        return "/exchange/" + OTHER + "/" + HOSPITAL + "/" + query;
    }

    private String labResults() {
        return exchange("Observation?patient=" + patientId + "&category=laboratory&_count=100");
    }

    /// Dr Li asks, and what comes of it is remembered.
    private Client.Answer ask(String path) throws IOException, InterruptedException {
        var answer = doctor.get(path);
        var shown = new TreeSet<String>();
        if (answer.status() == 200) {
            answer.json()
                    .path("entry")
                    .forEach(entry -> shown.add(reference(entry.get("resource"))));
        }
        var type = path.substring(exchange("").length()).replaceFirst("\\W.*", "");
        accesses.add(Access.of(answer.status(), type, shown));
        return answer;
    }

    private static String reference(JsonNode resource) {
        return resource.get("resourceType").asString() + "/" + resource.get("id").asString();
    }

    /// The resources that a search gives, page by page, as `Type/id`.
    private Set<String> read(String path) throws IOException, InterruptedException {
        var found = new TreeSet<String>();
        for (var next = path; !next.isEmpty(); ) {
            var answer = ask(next);
            teller.require(answer.status() == 200, "the read is answered: " + answer);
            var bundle = answer.json();
            bundle.path("entry").forEach(entry -> found.add(reference(entry.get("resource"))));
            next = nextPage(bundle);
        }
        return found;
    }

    private String nextPage(JsonNode bundle) {
        for (var link : bundle.path("link")) {
            if (link.get("relation").asString().equals("next")) {
                var url = link.get("url").asString();
                return exchange(
                        url.substring(
                                url.indexOf("/fhir/" + HOSPITAL + "/") + HOSPITAL.length() + 7));
            }
        }
        return "";
    }

    private Set<String> laboratoryIds() {
        var ids = new TreeSet<String>();
        for (var resource : stored) {
            if (resource.path("resourceType").asString().equals("Observation")
                    && isLaboratory(resource)) {
                ids.add("Observation/" + resource.get("id").asString());
            }
        }
        return ids;
    }

    private static boolean isLaboratory(JsonNode observation) {
        for (var category : observation.path("category")) {
            for (var coding : category.path("coding")) {
                if (coding.path("code").asString().equals("laboratory")) {
                    return true;
                }
            }
        }
        return false;
    }

    /// Keeps what was sent together with the id that each resource was given.
    private void remember(JsonNode sent, List<String> locations) {
        var resources = new ArrayList<JsonNode>();
        for (var i = 0; i < sent.size(); i++) {
            var id = locations.get(i).replaceFirst("/_history/.*", "").replaceFirst(".*/", "");
            var resource = (ObjectNode) sent.get(i).get("resource");
            resource.put("id", id);
            resources.add(resource);
            if (resource.get("resourceType").asString().equals("Patient")) {
                patientId = id;
            }
        }
        stored = resources;
    }

    private String countsByType() {
        var counts = new TreeMap<String, Integer>();
        stored.forEach(
                resource -> counts.merge(resource.get("resourceType").asString(), 1, Integer::sum));
        return counts.toString();
    }

    private Client.Answer store(String bundle) throws IOException, InterruptedException {
        return integrator.post(
                "/fhir/" + HOSPITAL,
                "application/fhir+json",
                bundle.getBytes(StandardCharsets.UTF_8));
    }

    /// A line of the sample: organisations, practitioners, then a patient with many laboratory results, images, prescriptions and care
    /// plans.
    private String sampleLine(int number) throws IOException {
        try (var lines =
                new BufferedReader(
                        new InputStreamReader(
                                new GZIPInputStream(Files.newInputStream(sample)),
                                StandardCharsets.UTF_8))) {
            return lines.lines().skip(number).findFirst().orElseThrow();
        }
    }

    private long logSize() throws IOException, InterruptedException {
        var checkpoint = anyone.get("/log/" + HOSPITAL + "/checkpoint");
        var lines = checkpoint.text().lines().toList();
        return checkpoint.status() == 200 ? Long.parseLong(lines.get(1)) : 0;
    }

    /// Waits until the log has taken in everything written so far.
    private void awaitQuiet() throws IOException, InterruptedException {
        long last;
        do {
            last = logSize();
            Thread.sleep(Duration.ofMillis(1_500));
        } while (logSize() != last);
    }

    private void awaitLog(long size) throws IOException, InterruptedException {
        var deadline = Instant.now().plusSeconds(10);
        while (logSize() < size && Instant.now().isBefore(deadline)) {
            Thread.sleep(Duration.ofMillis(100));
        }
    }

    /// The signed forms of the valid transactions of this function, in order.
    private List<String> transactions(String contract, String function)
            throws IOException, InterruptedException {
        var found = new ArrayList<String>();
        var height = anyone.get("/ledger").json().get("height").asLong();
        for (long next = 0; next < height; ) {
            for (var block : anyone.get("/ledger/blocks?from=" + next + "&count=100").json()) {
                next = block.get("number").asLong() + 1;
                for (var transaction : block.path("transactions")) {
                    if (transaction.path("contract").asString().equals(contract)
                            && transaction.path("function").asString().equals(function)
                            && transaction.path("validity").asString().equals("valid")) {
                        var id = transaction.get("id").asString();
                        found.add(
                                anyone.get("/ledger/transactions/" + id)
                                        .json()
                                        .get("jws")
                                        .asString());
                    }
                }
            }
        }
        return found;
    }

    private static JsonNode carriedKey(String transaction) {
        return Outsider.unverified(transaction).get("arguments").get("key");
    }

    /// The arguments of a transaction that is signed with this key.
    private static JsonNode verified(String transaction, JsonNode key)
            throws GeneralSecurityException {
        return Outsider.verify(transaction, key).get("arguments");
    }

    private static JsonNode member(JsonNode members, String id) {
        for (var member : members) {
            if (member.get("id").asString().equals(id)) {
                return member;
            }
        }
        throw new Teller.NotTrue(id + " is a member");
    }

    private static boolean isOperationOutcome(Client.Answer answer) {
        return answer.json().path("resourceType").asString().equals("OperationOutcome");
    }

    private static boolean mentions(RunningNode.Ended ended, String what) {
        return ended.lines().stream()
                .anyMatch(line -> line.startsWith("!!") && line.contains(what));
    }

    private static String findings(RunningNode.Ended ended) {
        return ended.lines().stream().filter(line -> line.startsWith("!!")).toList().toString();
    }

    private static String shortened(String key) {
        return key.length() < 60 ? key : key.substring(0, 57) + "…";
    }
}
