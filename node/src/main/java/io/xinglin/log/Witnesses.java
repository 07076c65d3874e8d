package io.xinglin.log;

import io.xinglin.contracts.MemberId;
import io.xinglin.log.Members.KnownLog;
import io.xinglin.tlog.AddCheckpoint;
import io.xinglin.tlog.Checkpoint;
import io.xinglin.tlog.Contradiction;
import io.xinglin.tlog.MalformedLogData;
import io.xinglin.tlog.SignedNote;
import io.xinglin.tlog.WitnessAnswer;
import io.xinglin.tlog.WitnessRules;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/// The organisations of this node as witnesses: each for the logs of all other members, never for its own.
///
/// What is cosigned is committed before the cosignature leaves, so that no crash and no two requests at once make a witness go back.
@Component
class Witnesses {
    private final Members members;
    private final LogKeys keys;
    private final WitnessTable table;
    private final Evidences evidences;
    private final InstantSource clock;
    private final TransactionTemplate transaction;

    Witnesses(
            Members members,
            LogKeys keys,
            WitnessTable table,
            Evidences evidences,
            InstantSource clock,
            TransactionTemplate transaction) {
        this.members = members;
        this.keys = keys;
        this.table = table;
        this.evidences = evidences;
        this.clock = clock;
        this.transaction = transaction;
    }

    /// Whether this organisation witnesses here.
    boolean has(MemberId witness) {
        return keys.hosted().contains(witness);
    }

    /// Answers a request body.
    WitnessAnswer answer(MemberId witness, String body) {
        try {
            return answer(witness, AddCheckpoint.parse(body));
        } catch (MalformedLogData e) {
            return new WitnessAnswer.Malformed(String.valueOf(e.getMessage()));
        }
    }

    /// Answers a request.
    WitnessAnswer answer(MemberId witness, AddCheckpoint request) {
        var log = members.log(request.head().origin()).filter(it -> !it.member().equals(witness));
        if (log.isEmpty()) {
            return new WitnessAnswer.UnknownLog();
        }
        var answer = transaction.execute(_ -> decide(witness, log.get(), request));
        if (!(answer instanceof WitnessAnswer.Cosigned
                || answer instanceof WitnessAnswer.Unsigned)) {
            keepEvidence(witness, log.get(), request);
        }
        return answer;
    }

    private WitnessAnswer decide(MemberId witness, KnownLog log, AddCheckpoint request) {
        table.lock(witness, log.origin());
        var known =
                table.witnessed(witness, log.origin())
                        .map(note -> Checkpoint.parse(note.text()))
                        .orElseGet(() -> WitnessRules.nothing(log.origin()));
        return WitnessRules.refusal(request, log.key(), known)
                .orElseGet(() -> cosign(witness, log, request));
    }

    private WitnessAnswer cosign(MemberId witness, KnownLog log, AddCheckpoint request) {
        var now = clock.instant();
        var text = request.checkpoint().text();
        var line = keys.witness(witness).cosign(text, now.getEpochSecond());
        var note = request.checkpoint().signedOnlyBy(log.key()).with(List.of(line));
        table.keepWitnessed(witness, log.origin(), request.head().size().value(), note, now);
        return new WitnessAnswer.Cosigned(List.of(line));
    }

    /// A refused checkpoint that the log signed may contradict what we hold, or what the log anchored.
    private void keepEvidence(MemberId witness, KnownLog log, AddCheckpoint request) {
        var size = request.head().size();
        var held = table.witnessed(witness, log.origin());
        var anchored = members.anchored(log.member(), size.value());
        Stream.concat(held.stream(), anchored.stream())
                .filter(note -> isContradicted(note, request))
                .map(note -> new Contradiction(note, request.checkpoint()))
                .forEach(pair -> evidences.keep(log, pair, "witness " + witness));
    }

    /// The same size, or the size that the request set out from: its proof was refused.
    private static boolean isContradicted(SignedNote note, AddCheckpoint request) {
        var size = Checkpoint.parse(note.text()).size();
        return size.equals(request.head().size()) || size.equals(request.old());
    }

    /// The checkpoint of a log that a witness cosigned last, with both signatures.
    Optional<SignedNote> latest(MemberId witness, String originHash) {
        return members.logs().stream()
                .map(KnownLog::origin)
                .filter(origin -> hash(origin).equals(originHash))
                .findFirst()
                .flatMap(origin -> table.witnessed(witness, origin));
    }

    private static String hash(String origin) {
        try {
            var sha256 = MessageDigest.getInstance("SHA-256");
            return HexFormat.of().formatHex(sha256.digest(origin.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java has SHA-256", e);
        }
    }
}
