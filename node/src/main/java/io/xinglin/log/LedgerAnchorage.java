package io.xinglin.log;

import io.xinglin.contracts.Anchor;
import io.xinglin.contracts.AnchorCommand;
import io.xinglin.contracts.Command;
import io.xinglin.contracts.MemberId;
import io.xinglin.identity.Identities;
import io.xinglin.ledger.Ledger;
import io.xinglin.ledger.TransactionOutcome;
import io.xinglin.tlog.Checkpoint;
import io.xinglin.tlog.Hash;
import io.xinglin.tlog.TreeSize;
import java.util.Optional;
import java.util.function.BiFunction;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;

/// The consortium's ledger as the place to anchor.
@Component
class LedgerAnchorage implements Anchorage {
    private final Ledger ledger;
    private final BiFunction<MemberId, Command, TransactionOutcome> submit;

    @Autowired
    LedgerAnchorage(Ledger ledger, Identities identities) {
        this(ledger, identities::submit);
    }

    /// @param submit signs a command for an organisation and submits it
    LedgerAnchorage(Ledger ledger, BiFunction<MemberId, Command, TransactionOutcome> submit) {
        this.ledger = ledger;
        this.submit = submit;
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
        return switch (submit.apply(organisation, command)) {
            case TransactionOutcome.Committed _ -> Optional.empty();
            case TransactionOutcome.Refused(_, _, var message) -> Optional.of(message);
        };
    }
}
