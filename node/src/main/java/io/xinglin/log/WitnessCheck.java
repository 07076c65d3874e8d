package io.xinglin.log;

import io.xinglin.contracts.MemberId;
import io.xinglin.fsck.Check;
import io.xinglin.fsck.Report;
import io.xinglin.tlog.Checkpoint;
import io.xinglin.tlog.Contradiction.Judgement;
import io.xinglin.tlog.MalformedLogData;
import io.xinglin.tlog.NoteSignature;
import io.xinglin.tlog.NoteVerifier;
import io.xinglin.tlog.SignedNote;
import io.xinglin.tlog.Verification;
import java.util.List;
import org.springframework.stereotype.Component;

/// Checks what is stored of witnesses: what ours hold of other logs, what others cosigned of ours, and the evidence.
@Component
class WitnessCheck implements Check {
    private final WitnessTable table;
    private final LogTable logs;
    private final Members members;
    private final LogKeys keys;
    private final Evidences evidences;

    WitnessCheck(
            WitnessTable table, LogTable logs, Members members, LogKeys keys, Evidences evidences) {
        this.table = table;
        this.logs = logs;
        this.members = members;
        this.keys = keys;
        this.evidences = evidences;
    }

    @Override
    public String name() {
        return "witnesses: what was cosigned, and evidence against logs";
    }

    @Override
    public void run(Report report) {
        for (var witness : keys.hosted()) {
            for (var log : members.logs()) {
                checkHeld(witness, log, report);
            }
        }
        keys.hosted().forEach(log -> checkCosignatures(log, report));
        evidences.latest(Integer.MAX_VALUE).forEach(evidence -> check(evidence, report));
    }

    private void checkHeld(MemberId witness, Members.KnownLog log, Report report) {
        var where = "witness " + witness + " log " + log.member();
        try {
            var held = table.witnessed(witness, log.origin());
            if (held.isEmpty()) {
                return;
            }
            report.checked(1);
            expect(report, where, Checkpoint.verify(held.get(), log.key()));
            expect(report, where, keys.witness(witness).verifier().verify(held.get()));
            var size = Checkpoint.parse(held.get().text()).size().value();
            if (table.witnessedSize(witness, log.origin()) != size) {
                report.finding(where, "the signed note is of size " + size);
            }
        } catch (MalformedLogData e) {
            report.finding(where, String.valueOf(e.getMessage()));
        }
    }

    private void checkCosignatures(MemberId log, Report report) {
        for (var kept : table.cosignatures(log)) {
            var where = "log " + log + " cosignature " + kept.size() + " by " + kept.witness();
            report.checked(1);
            try {
                var line = NoteSignature.parse(kept.line());
                var head = logs.head(log, kept.size());
                if (head.isEmpty()) {
                    report.finding(where, "there is no checkpoint of that size");
                    continue;
                }
                var note = SignedNote.parse(head.get().note()).with(List.of(line));
                for (var witness : members.witnessesOf(log)) {
                    if (witness.member().value().equals(kept.witness())) {
                        expect(report, where, witness.key().verify(note));
                    }
                }
            } catch (MalformedLogData e) {
                report.finding(where, String.valueOf(e.getMessage()));
            }
        }
    }

    private static void check(Evidence evidence, Report report) {
        report.checked(1);
        var judgement = evidence.pair().judge(NoteVerifier.of(evidence.vkey()));
        if (judgement == Judgement.NOTHING || judgement != evidence.judgement()) {
            report.finding("evidence " + evidence.id(), "the notes do not show what it says");
        }
    }

    private static void expect(Report report, String where, Verification verification) {
        if (verification instanceof Verification.Invalid(var why)) {
            report.finding(where, why);
        }
    }
}
