package io.xinglin.log;

import io.xinglin.contracts.Anchor;
import io.xinglin.contracts.AnchorCommand;
import io.xinglin.contracts.MemberId;
import io.xinglin.identity.Identities;
import io.xinglin.ledger.Ledger;
import io.xinglin.ledger.TransactionOutcome;
import io.xinglin.tlog.Checkpoint;
import io.xinglin.tlog.Hash;
import io.xinglin.tlog.TreeSize;
import java.util.Optional;
import org.springframework.stereotype.Component;

/// The consortium's ledger as the place to anchor.
@Component
class LedgerAnchorage implements Anchorage {
    private final Ledger ledger;
    private final Identities identities;

    LedgerAnchorage(Ledger ledger, Identities identities) {
        this.ledger = ledger;
        this.identities = identities;
    }

    @Override
    public boolean isOpenTo(MemberId organisation) {
        return ledger.member(organisation).isPresent() && !ledger.isSuspended(organisation);
    }

    @Override
    public Optional<Checkpoint> latest(MemberId organisation) {
        return ledger.latestAnchor(organisation).map(LedgerAnchorage::checkpoint);
    }

    private static Checkpoint checkpoint(Anchor anchor) {
        return new Checkpoint(
                anchor.origin(), new TreeSize(anchor.size()), Hash.parse(anchor.root()));
    }

    @Override
    public Optional<String> anchor(MemberId organisation, SignedHead head) {
        var said = head.checkpoint();
        var command =
                new AnchorCommand.Checkpoint(
                        said.origin(), head.size(), said.root().toString(), head.note());
        return switch (identities.submit(organisation, command)) {
            case TransactionOutcome.Committed _ -> Optional.empty();
            case TransactionOutcome.Refused(_, _, var message) -> Optional.of(message);
        };
    }
}
