package io.xinglin.ledger;

import io.xinglin.contracts.Anchor;
import io.xinglin.contracts.Contracts;
import io.xinglin.contracts.Member;
import io.xinglin.contracts.MemberId;
import io.xinglin.sim.FastEd25519;
import io.xinglin.sim.MemoryDatabase;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Function;

/// The ledger of another node, as far as logs and witnesses ask it.
public final class RemoteLedger extends Ledger {
    private final Remote remote;

    /// Asks the node that has the ledger; throws when there is no answer.
    public interface Remote {
        <T> T ask(String what, Function<Ledger, T> question);
    }

    public RemoteLedger(String name, Remote remote) {
        super(
                name,
                NOTHING,
                EMPTY,
                new LedgerNode.Nowhere(),
                new Simulator(name, EMPTY, new Contracts(FastEd25519.verifier())),
                Later.ON_THREADS,
                InstantSource.system(),
                new Random());
        this.remote = remote;
    }

    private static final LedgerTables NOTHING =
            new MemoryLedgerTables(new MemoryDatabase().new Session(MemoryDatabase.Edge.SOUND));
    private static final WorldState EMPTY = new WorldState(NOTHING, 0);

    @Override
    public Optional<Member> member(MemberId id) {
        return remote.ask("member", ledger -> ledger.member(id));
    }

    @Override
    public List<Member> members() {
        return remote.ask("members", Ledger::members);
    }

    @Override
    public boolean isSuspended(MemberId id) {
        return remote.ask("is suspended", ledger -> ledger.isSuspended(id));
    }

    @Override
    public Optional<Anchor> anchor(MemberId member, long size) {
        return remote.ask("anchor", ledger -> ledger.anchor(member, size));
    }

    @Override
    public Optional<Anchor> latestAnchor(MemberId member) {
        return remote.ask("latest anchor", ledger -> ledger.latestAnchor(member));
    }
}
