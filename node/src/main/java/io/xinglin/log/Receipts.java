package io.xinglin.log;

import io.xinglin.contracts.Member;
import io.xinglin.ledger.Blocks;
import io.xinglin.ledger.Blocks.Anchored;
import io.xinglin.ledger.Ledger;
import io.xinglin.log.Examination.Anchorage;
import io.xinglin.tlog.Checkpoint;
import io.xinglin.tlog.ConsistencyProof;
import io.xinglin.tlog.Hash;
import io.xinglin.tlog.InclusionProof;
import io.xinglin.tlog.MalformedLogData;
import io.xinglin.tlog.MissingTile;
import io.xinglin.tlog.NoteSignature;
import io.xinglin.tlog.NoteVerifier;
import io.xinglin.tlog.TreeSize;
import io.xinglin.tlog.TrustPolicy;
import io.xinglin.tlog.Verification;
import java.util.List;
import java.util.Optional;
import org.springframework.stereotype.Component;

/// Examines receipts for people who bring one, with the keys and anchors that the ledger has.
///
/// The verdict is that of `xinglin verify` without witnesses named: [Receipt#verify] gives both. The steps show how it comes about, and
/// besides it which members cosigned and what the ledger knows.
@Component
public class Receipts {
    private final Ledger ledger;
    private final Blocks blocks;
    private final LogFiles files;
    private final Witnessed witnessed;

    Receipts(Ledger ledger, Blocks blocks, LogFiles files, Witnessed witnessed) {
        this.ledger = ledger;
        this.blocks = blocks;
        this.files = files;
        this.witnessed = witnessed;
    }

    /// Examines what somebody says is a receipt.
    ///
    /// @throws IllegalArgumentException if it is none; the message says why
    public Examination examine(String text) {
        var receipt = Receipt.parse(text);
        var proof = receipt.proof();
        var head = proof.head();
        var entry = Entry.of(Entry.kindOf(receipt.opening()), receipt.opening());
        var member = memberOf(head.origin());
        var key = member.flatMap(Receipts::key);
        var inclusion =
                proof.index().isIn(head.size())
                        ? Optional.of(new InclusionProof(proof.index(), head.size(), proof.path()))
                        : Optional.<InclusionProof>empty();
        return new Examination(
                receipt.statement(),
                entry.toString(),
                entry.leafHash(),
                head,
                proof.index().value(),
                member,
                proof.checkpoint().signatures().stream().map(NoteSignature::name).toList(),
                key.map(it -> Checkpoint.verify(proof.checkpoint(), it))
                        .orElseGet(Receipts::unknown),
                inclusion
                        .map(it -> it.verify(entry.leafHash(), head.root()))
                        .orElseGet(() -> Verification.invalid("the index is not in the tree")),
                inclusion.map(it -> it.climb(entry.leafHash())).orElse(List.of()),
                key.map(it -> receipt.verify(TrustPolicy.of(it))).orElseGet(Receipts::unknown),
                member.map(it -> witnessed.of(it.id(), proof.checkpoint())),
                member.map(it -> anchorage(it, head)).orElseGet(Anchorage.Unknown::new));
    }

    private static Verification unknown() {
        return Verification.invalid("no member has a log of this name");
    }

    private Optional<Member> memberOf(String origin) {
        return ledger.members().stream().filter(it -> it.log().origin().equals(origin)).findFirst();
    }

    private static Optional<NoteVerifier> key(Member member) {
        try {
            return Optional.of(NoteVerifier.of(member.log().vkey()));
        } catch (MalformedLogData _) {
            return Optional.empty();
        }
    }

    /// Whether the whole consortium holds the log to the tree that the receipt speaks of.
    private Anchorage anchorage(Member member, Checkpoint head) {
        return blocks.anchorCovering(member.id(), head.size().value())
                .map(anchored -> anchorage(member, head, anchored))
                .orElseGet(Anchorage.NotYet::new);
    }

    private Anchorage anchorage(Member member, Checkpoint head, Anchored anchored) {
        var size = new TreeSize(anchored.anchor().size());
        var root = Hash.parse(anchored.anchor().root());
        try {
            var proof = ConsistencyProof.of(head.size(), size, files.of(member.id()));
            return switch (proof.verify(head.root(), root)) {
                case Verification.Valid() -> new Anchorage.Covered(anchored);
                case Verification.Invalid _ -> new Anchorage.Contradicted(anchored);
            };
        } catch (MissingTile | MalformedLogData _) {
            // Another node keeps the files of this log.
            return new Anchorage.Unknown();
        }
    }
}
