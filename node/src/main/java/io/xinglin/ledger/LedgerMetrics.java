package io.xinglin.ledger;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.xinglin.ledger.MemberHead.Agreement;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import org.springframework.stereotype.Component;

/// The figures of the ledger, all of them public: names and tags of `xinglin.ledger.…` are few and say nothing of anyone.
@Component
class LedgerMetrics implements MeterBinder {
    private final Ledger ledger;
    private final MemberHeads heads;
    private final InstantSource clock;

    LedgerMetrics(Ledger ledger, MemberHeads heads, InstantSource clock) {
        this.ledger = ledger;
        this.heads = heads;
        this.clock = clock;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        Gauge.builder("xinglin.ledger.height", ledger, Ledger::height)
                .description("Blocks of the ledger")
                .register(registry);
        TimeGauge.builder("xinglin.ledger.block.age", this, TimeUnit.SECONDS, LedgerMetrics::age)
                .description("Since the last block was made")
                .register(registry);
        Gauge.builder("xinglin.ledger.stopped", ledger, it -> it.stopped().isPresent() ? 1 : 0)
                .description("1 when no block is added any more")
                .register(registry);
        FunctionCounter.builder("xinglin.ledger.conflicts", ledger, Ledger::conflicts)
                .description("Transactions that lost because another changed what they had read")
                .register(registry);
        for (var agreement : Agreement.values()) {
            Gauge.builder("xinglin.ledger.members", heads, it -> count(it, agreement))
                    .description("Members, by how their ledger compares with this one")
                    .tag("agreement", agreement.word())
                    .register(registry);
        }
        if (ledger.engine() == LedgerStatus.Engine.FABRIC) {
            bindChannel(registry);
        }
    }

    private void bindChannel(MeterRegistry registry) {
        gauge(
                registry,
                "xinglin.ledger.waiting",
                "Transactions not known to be on the ledger",
                LedgerStatus.Channel::waiting);
        gauge(
                registry,
                "xinglin.ledger.submissions",
                "Submissions in no block that is known here",
                LedgerStatus.Channel::underWay);
        gauge(registry, "xinglin.ledger.peers", "Peers of the channel", it -> it.peers().size());
        gauge(
                registry,
                "xinglin.ledger.peers.answering",
                "Peers of the channel that answer",
                LedgerStatus.Channel::answering);
        gauge(
                registry,
                "xinglin.ledger.peers.altered",
                "Peers of the channel that hold something else than was agreed",
                channel -> channel.peers().stream().filter(it -> !it.altered().isEmpty()).count());
        certificate(registry, "node", channel -> Stream.of(channel.certificateEnds()));
        certificate(
                registry,
                "peers",
                channel ->
                        channel.peers().stream()
                                .map(LedgerStatus.Peer::certificateEnds)
                                .flatMap(Optional::stream));
    }

    private interface Ends {
        Stream<Instant> of(LedgerStatus.Channel channel);
    }

    private void certificate(MeterRegistry registry, String whose, Ends ends) {
        TimeGauge.builder(
                        "xinglin.ledger.certificate.left",
                        ledger,
                        TimeUnit.SECONDS,
                        it ->
                                it.status().channel().stream()
                                        .flatMap(ends::of)
                                        .min(Instant::compareTo)
                                        .map(end -> seconds(clock.instant(), end))
                                        .orElse(Double.NaN))
                .description("Until the first of these certificates ends")
                .tag("whose", whose)
                .register(registry);
    }

    private void gauge(
            MeterRegistry registry,
            String name,
            String description,
            ToDoubleFunction<LedgerStatus.Channel> value) {
        Gauge.builder(
                        name,
                        ledger,
                        it -> it.status().channel().map(value::applyAsDouble).orElse(Double.NaN))
                .description(description)
                .register(registry);
    }

    private double age() {
        return ledger.status()
                .lastBlock()
                .map(last -> seconds(last.time(), clock.instant()))
                .orElse(Double.NaN);
    }

    private static double count(MemberHeads heads, Agreement agreement) {
        return heads.latest().stream().filter(it -> it.agreement() == agreement).count();
    }

    private static double seconds(Instant from, Instant to) {
        return Duration.between(from, to).toMillis() / 1_000.0;
    }
}
