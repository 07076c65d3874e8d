package io.xinglin.log;

import io.xinglin.contracts.MemberId;
import io.xinglin.tlog.SignedNote;
import java.util.Optional;
import org.springframework.stereotype.Component;

/// The checkpoints that the world is shown: the newest that enough witnesses cosigned, with all cosignatures it has.
@Component
class CosignedHeads {
    private final LogTable logs;
    private final WitnessTable cosignatures;
    private final Quorum quorum;

    CosignedHeads(LogTable logs, WitnessTable cosignatures, Quorum quorum) {
        this.logs = logs;
        this.cosignatures = cosignatures;
        this.quorum = quorum;
    }

    /// The newest with a quorum; empty if there is none yet.
    Optional<SignedHead> latest(MemberId organisation) {
        var needed = quorum.of(organisation);
        if (needed == 0) {
            return logs.latest(organisation).map(head -> cosigned(organisation, head));
        }
        var size = cosignatures.cosignedSize(organisation, needed);
        return size.isEmpty()
                ? Optional.empty()
                : logs.head(organisation, size.getAsLong())
                        .map(head -> cosigned(organisation, head));
    }

    private SignedHead cosigned(MemberId organisation, SignedHead head) {
        var lines = cosignatures.cosignatures(organisation, head.size());
        var note = SignedNote.parse(head.note()).with(lines);
        return new SignedHead(head.checkpoint(), note.toString(), head.signedAt());
    }

    /// What is published: the newest with a quorum, or, as long as there is none at all, the newest as it is.
    Optional<SignedHead> published(MemberId organisation) {
        return latest(organisation)
                .or(() -> logs.latest(organisation).map(head -> cosigned(organisation, head)));
    }

    /// Drops what can never get a quorum any more, now that witnesses are asked about this size.
    void moveOnTo(MemberId organisation, long size) {
        var shown =
                cosignatures
                        .cosignedSize(organisation, Math.max(1, quorum.of(organisation)))
                        .orElse(-1);
        cosignatures.forgetCosignatures(organisation, size, shown);
    }
}
