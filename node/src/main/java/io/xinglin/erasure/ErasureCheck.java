package io.xinglin.erasure;

import io.xinglin.contracts.MemberId;
import io.xinglin.erasure.ErasureTable.Event;
import io.xinglin.fsck.Check;
import io.xinglin.fsck.Report;
import io.xinglin.identity.Aead;
import io.xinglin.identity.Identities;
import io.xinglin.identity.PatientId;
import io.xinglin.log.EntryId;
import io.xinglin.log.EntryKind;
import io.xinglin.log.Logs;
import io.xinglin.log.Opening;
import io.xinglin.records.WholeRecords;
import java.security.MessageDigest;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Checks every erasure: that what is said to have happened is what the log has entries of, that what is missing from the records is
/// exactly what was erased, that what is shut was decided, and that nothing erased is back.
@Component
class ErasureCheck implements Check {
    private final Erasures erasures;
    private final ErasureTable table;
    private final Register register;
    private final WholeRecords records;
    private final Identities identities;
    private final Logs logs;

    ErasureCheck(
            Erasures erasures,
            ErasureTable table,
            Register register,
            WholeRecords records,
            Identities identities,
            Logs logs) {
        this.erasures = erasures;
        this.table = table;
        this.register = register;
        this.records = records;
        this.identities = identities;
        this.logs = logs;
    }

    @Override
    public String name() {
        return "erasures: what happened, what is missing, what is shut";
    }

    @Override
    public void run(Report report) {
        var all = table.all();
        var erased = new HashSet<UUID>();
        var shut = new HashSet<PatientId>();
        for (var erasure : all) {
            check(erasure, report);
            if (erasure.status() == Status.ERASED) {
                erased.add(erasure.id());
            }
            if (erasure.status() == Status.RESTRICTED || erasure.status() == Status.ERASING) {
                erasure.owner().ifPresent(_ -> shut.add(erasure.patient()));
            }
            report.checked(1);
        }
        for (var custodian : identities.hosted()) {
            logs.entries(
                    custodian,
                    EntryKind.ERASURE,
                    entries -> {
                        var missing = new HashSet<>(entries);
                        missing.removeAll(table.known(entries));
                        missing.forEach(
                                entry ->
                                        report.finding(
                                                custodian + " log entry " + entry,
                                                "what happened to an erasure, and is in the log, is missing"));
                    });
        }
        missing(erased, report);
        shut(shut, report);
        undead(erased, report);
    }

    private void check(Erasure erasure, Report report) {
        var where = where(erasure.id());
        var openings = new LinkedHashMap<EntryId, Opening>();
        for (var event : table.events(erasure.id())) {
            open(erasure, event, report).ifPresent(it -> openings.put(event.entry(), it));
        }
        logs.broken(erasure.custodian(), EntryKind.ERASURE, openings)
                .forEach(
                        entry ->
                                report.finding(
                                        where, "it is not what the log has an entry of: " + entry));
        var said = new HashMap<String, JsonNode>();
        openings.values()
                .forEach(
                        opening -> {
                            var statement = JsonMapper.shared().readTree(opening.statement());
                            said.put(statement.path("action").asString(""), statement);
                            if (!isAbout(statement, erasure)) {
                                report.finding(where, "it is of another patient than was recorded");
                            }
                        });
        wrong(erasure, said).ifPresent(what -> report.finding(where, what));
    }

    private Optional<Opening> open(Erasure erasure, Event event, Report report) {
        try {
            return Optional.of(erasures.open(erasure, event));
        } catch (Aead.Tampered _) {
            report.finding(where(erasure.id()), "what happened does not open: the row was changed");
            return Optional.empty();
        }
    }

    private boolean isAbout(JsonNode statement, Erasure erasure) {
        var token = HexFormat.of().formatHex(erasure.token());
        return statement.path("erasure").asString("").equals(erasure.id().toString())
                && statement.path("patient").asString("").equals(token)
                && erasure.owner()
                        .filter(_ -> !erasures.isOf(erasure, erasure.patient()))
                        .isEmpty();
    }

    private Optional<String> wrong(Erasure erasure, Map<String, JsonNode> said) {
        var expected =
                switch (erasure.status()) {
                    case REQUESTED -> "requested";
                    case REFUSED -> "refused";
                    case RESTRICTED -> "restricted";
                    case ERASED -> "erased";
                    case WITHDRAWN -> "withdrawn";
                    // The entry comes with its end.
                    case ERASING -> "";
                };
        if (!expected.isEmpty() && !said.containsKey(expected)) {
            return Optional.of("it is " + expected + ", and what says so is missing");
        }
        if (said.containsKey("erased") && erasure.status() != Status.ERASED) {
            return Optional.of("it was erased, and is not marked so");
        }
        return erasure.status() == Status.ERASED
                ? extent(erasure, Objects.requireNonNull(said.get("erased")))
                : Optional.empty();
    }

    private Optional<String> extent(Erasure erasure, JsonNode said) {
        var extent = records.extent(erasure.id());
        var isSame =
                said.path("versions").asLong(-1) == extent.versions()
                        && said.path("entries").asString("").equals(extent.digest());
        return isSame
                ? Optional.empty()
                : Optional.of("other versions are marked as erased than were");
    }

    private void missing(Set<UUID> erased, Report report) {
        records.erasures().stream()
                .filter(erasure -> !erased.contains(erasure))
                .forEach(
                        erasure ->
                                report.finding(
                                        where(erasure),
                                        "versions are marked as erased by it, and it is not done"));
        records.undead()
                .forEach(
                        entry ->
                                report.finding(
                                        "log entry " + entry,
                                        "its version is marked as erased, and is here"));
    }

    private void shut(Set<PatientId> expected, Report report) {
        var shut = records.allShut();
        if (!expected.equals(shut)) {
            report.finding(
                    "records that are only stored", "they are not those of which that was decided");
        }
    }

    private void undead(Set<UUID> erased, Report report) {
        for (var line : register.lines()) {
            if (!erased.contains(line.erasure()) && isHere(line)) {
                report.finding(
                        where(line.erasure()),
                        "the register has it, and the record is here: the database is older; the node erases it when it starts");
            }
        }
    }

    private boolean isHere(Register.Line line) {
        var found = new boolean[1];
        MemberId custodian = line.custodian();
        records.patients(
                custodian,
                some ->
                        found[0] |=
                                some.stream()
                                        .anyMatch(
                                                it ->
                                                        MessageDigest.isEqual(
                                                                records.token(it),
                                                                line.patient())));
        return found[0];
    }

    private static String where(UUID erasure) {
        return "erasure " + erasure;
    }
}
