package io.xinglin.ledger;

import io.xinglin.contracts.Member;
import io.xinglin.ledger.MemberHead.Agreement;
import io.xinglin.platform.NodeProperties;
import jakarta.annotation.PreDestroy;
import java.net.URI;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/// Compares this ledger with those at the nodes of the other members, by the addresses that they have on the ledger.
///
/// They are asked in the background, each on a thread of its own, so that nobody who wants to know waits for a dead one. There is at
/// most one request to a node, and what has not come when the next one is due counts as no answer.
@Component
public class MemberHeads {
    private static final Logger LOG = LoggerFactory.getLogger(MemberHeads.class);

    private final Ledger ledger;
    private final LedgerTables tables;
    private final PeerLedgers peers;
    private final NodeProperties node;
    private final InstantSource clock;
    private final ExecutorService requests = Executors.newVirtualThreadPerTaskExecutor();
    private final Map<URI, Future<?>> underWay = new ConcurrentHashMap<>();
    private final Map<URI, Said> said = new ConcurrentHashMap<>();

    MemberHeads(
            Ledger ledger,
            LedgerTables tables,
            PeerLedgers peers,
            NodeProperties node,
            InstantSource clock) {
        this.ledger = ledger;
        this.tables = tables;
        this.peers = peers;
        this.node = node;
        this.clock = clock;
    }

    /// What came of a question to a node, which may be the home of several members.
    private record Said(
            Agreement agreement,
            long behind,
            Optional<Long> number,
            Optional<String> hash,
            Instant asked) {
        static Said nothing(Instant asked) {
            return new Said(Agreement.SILENT, 0, Optional.empty(), Optional.empty(), asked);
        }
    }

    /// How the ledger of each member compares, by what was said last.
    public List<MemberHead> latest() {
        var status = ledger.status();
        return ledger.members().stream().map(member -> latest(member, status)).toList();
    }

    private MemberHead latest(Member member, LedgerStatus status) {
        var address = address(member);
        if (address.filter(this::isHere).isPresent()) {
            return MemberHead.here(member.id(), status);
        }
        return address.flatMap(it -> Optional.ofNullable(said.get(it)))
                .map(
                        it ->
                                new MemberHead(
                                        member.id(),
                                        it.agreement(),
                                        it.behind(),
                                        it.number(),
                                        it.hash(),
                                        Optional.of(it.asked())))
                .orElseGet(
                        () -> MemberHead.without(member.id(), Agreement.UNASKED, Optional.empty()));
    }

    /// The address of a member's node: that of its FHIR service without the last two words.
    static Optional<URI> address(Member member) {
        var end = "/fhir/" + member.id();
        return member.fhir().endsWith(end)
                ? Optional.of(
                        URI.create(
                                member.fhir().substring(0, member.fhir().length() - end.length())))
                : Optional.empty();
    }

    private boolean isHere(URI address) {
        return address.equals(node.url());
    }

    /// On a ledger that this node orders alone, the others' are not to be the same.
    @Scheduled(initialDelay = 2_000, fixedDelay = 10_000)
    void askAll() {
        if (node.readOnly() || ledger.engine() == LedgerStatus.Engine.EMBEDDED) {
            return;
        }
        var addresses = new HashSet<URI>();
        for (var member : ledger.members()) {
            address(member).filter(it -> !isHere(it)).ifPresent(addresses::add);
        }
        said.keySet().retainAll(addresses);
        addresses.forEach(this::ask);
    }

    @PreDestroy
    void stop() {
        requests.shutdownNow();
    }

    private void ask(URI address) {
        var before = Optional.ofNullable(underWay.get(address));
        if (before.filter(it -> !it.isDone()).isPresent()) {
            before.get().cancel(true);
            said.put(address, Said.nothing(clock.instant()));
        }
        underWay.put(address, requests.submit(() -> said.put(address, compare(address))));
    }

    private Said compare(URI address) {
        try {
            return tellIfItDiffers(address, answer(address));
        } catch (RuntimeException e) {
            LOG.debug("{} says nothing of its ledger: {}", address, e.toString());
            return Said.nothing(clock.instant());
        }
    }

    private Said answer(URI address) {
        var height = ledger.height();
        var theirs = peers.summary(address);
        if (!theirs.name().equals(ledger.name())) {
            throw new PeerLedgers.Unusable("it is another ledger");
        }
        var common = Math.min(height, theirs.height()) - 1;
        var agreement =
                isSame(address, theirs, common)
                        ? theirs.height() < height ? Agreement.BEHIND : Agreement.AGREES
                        : Agreement.DIFFERS;
        return new Said(
                agreement,
                Math.max(0, height - theirs.height()),
                theirs.hash().map(_ -> theirs.height() - 1),
                theirs.hash(),
                clock.instant());
    }

    /// A ledger that was restored from a snapshot lacks what came before; then there is nothing to compare.
    private boolean isSame(URI address, PeerLedgers.Summary theirs, long block) {
        var ours = tables.block(block).map(it -> BlockHeader.hex(it.header().hash()));
        return ours.isEmpty()
                || ours.get()
                        .equals(
                                block == theirs.height() - 1
                                        ? theirs.hash().orElse("")
                                        : peers.hash(address, block));
    }

    private Said tellIfItDiffers(URI address, Said now) {
        var before = Optional.ofNullable(said.get(address)).map(Said::agreement);
        if (now.agreement() == Agreement.DIFFERS && !before.equals(Optional.of(now.agreement()))) {
            LOG.error(
                    "the ledger at {} is not the same as this one: compare /ledger/blocks of both",
                    address);
        }
        return now;
    }
}
