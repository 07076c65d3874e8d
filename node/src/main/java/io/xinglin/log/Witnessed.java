package io.xinglin.log;

import io.xinglin.contracts.MemberId;
import io.xinglin.tlog.SignedNote;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.SequencedMap;
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
    /// @param by the members whose witness keys cosigned it, and when each last did
    /// @param needed how many this node asks for before it shows a checkpoint
    /// @param asked how many members witness this log
    public record Cosigned(SequencedMap<MemberId, Instant> by, int needed, int asked) {
        public Cosigned {
            by = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(by));
        }

        /// Whether as many cosigned it as are asked for.
        public boolean isEnough() {
            return by.size() >= needed;
        }
    }

    /// Who cosigned a checkpoint of this member's log; signatures by keys that nobody has on the ledger do not count.
    Cosigned of(MemberId log, SignedNote checkpoint) {
        var witnesses = members.witnessesOf(log);
        var by = new LinkedHashMap<MemberId, Instant>();
        for (var witness : witnesses) {
            witness.key().time(checkpoint).ifPresent(time -> by.put(witness.member(), at(time)));
        }
        return new Cosigned(by, quorum.of(log), witnesses.size());
    }

    /// A witness may say any second, also one that no calendar reaches.
    private static Instant at(long second) {
        return Instant.ofEpochSecond(Math.min(second, Instant.MAX.getEpochSecond()));
    }

    /// Who cosigned what a log on this node shows to everyone.
    public Optional<Cosigned> published(MemberId log) {
        return heads.published(log).map(head -> of(log, SignedNote.parse(head.note())));
    }
}
