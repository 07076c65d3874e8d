package io.xinglin.explorer;

import io.xinglin.contracts.Member;
import io.xinglin.identity.Identities;
import io.xinglin.ledger.Blocks;
import io.xinglin.ledger.Blocks.Anchored;
import io.xinglin.ledger.Ledger;
import io.xinglin.log.LogStatus;
import io.xinglin.log.Logs;
import java.util.List;
import java.util.Optional;
import org.springframework.stereotype.Component;

/// Where the log of each member stands: by its own word, if it is on this node, and by the ledger's.
@Component
class LogStandings {
    private final Ledger ledger;
    private final Blocks blocks;
    private final Logs logs;
    private final Identities identities;

    LogStandings(Ledger ledger, Blocks blocks, Logs logs, Identities identities) {
        this.ledger = ledger;
        this.blocks = blocks;
        this.logs = logs;
        this.identities = identities;
    }

    /// A member's log.
    ///
    /// @param status what it signed last; empty for a log on another node
    /// @param anchored its last anchor
    record Standing(Member member, Optional<LogStatus> status, Optional<Anchored> anchored) {
        /// How many entries it is known to have.
        long size() {
            return status.map(it -> it.size().value())
                    .or(() -> anchored.map(it -> it.anchor().size()))
                    .orElse(0L);
        }
    }

    List<Standing> all() {
        return ledger.members().stream().map(this::of).toList();
    }

    Standing of(Member member) {
        var id = member.id();
        return new Standing(
                member,
                identities.hosts(id) ? logs.status(id) : Optional.empty(),
                blocks.anchors(id, 1).stream().findFirst());
    }
}
