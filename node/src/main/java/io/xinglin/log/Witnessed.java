package io.xinglin.log;

import io.xinglin.contracts.MemberId;
import io.xinglin.log.Members.KnownWitness;
import io.xinglin.tlog.SignedNote;
import java.util.List;
import java.util.Optional;
import org.springframework.stereotype.Component;

/// Who of the members cosigned a checkpoint, for those who look at it.
@Component
public class Witnessed {
    private final Members members;
    private final Quorum quorum;
    private final CosignedHeads heads;

    Witnessed(Members members, Quorum quorum, CosignedHeads heads) {
        this.members = members;
        this.quorum = quorum;
        this.heads = heads;
    }

    /// The cosignatures of one checkpoint.
    ///
    /// @param by the members whose witness keys cosigned it
    /// @param needed how many this node asks for before it shows a checkpoint
    /// @param asked how many members witness this log
    public record Cosigned(List<MemberId> by, int needed, int asked) {
        /// Whether as many cosigned it as are asked for.
        public boolean isEnough() {
            return by.size() >= needed;
        }
    }

    /// Who cosigned a checkpoint of this member's log; signatures by keys that nobody has on the ledger do not count.
    Cosigned of(MemberId log, SignedNote checkpoint) {
        var witnesses = members.witnessesOf(log);
        return new Cosigned(
                witnesses.stream()
                        .filter(it -> !it.key().cosignatures(checkpoint).isEmpty())
                        .map(KnownWitness::member)
                        .toList(),
                quorum.of(log),
                witnesses.size());
    }

    /// Who cosigned what a log on this node shows to everyone.
    public Optional<Cosigned> published(MemberId log) {
        return heads.published(log).map(head -> of(log, SignedNote.parse(head.note())));
    }
}
