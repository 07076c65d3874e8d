package io.xinglin.log;

import io.xinglin.contracts.MemberId;
import io.xinglin.platform.NodeProperties;
import io.xinglin.platform.Ticker;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/// Anchors the last checkpoint of each log on the ledger, at most one a second for each organisation.
///
/// The sequencer never waits for it. What a crash or a refusal leaves out is made good by the next anchor, which is of a larger
/// tree.
@Component
class Anchoring {
    private static final Logger LOG = LoggerFactory.getLogger(Anchoring.class);
    private static final Duration REST_AFTER_FAILURE = Duration.ofSeconds(30);

    private final LogTable table;
    private final LogKeys keys;
    private final Anchorage anchorage;
    private final Ticker ticker;
    private final boolean enabled;
    private final Map<MemberId, Long> notBefore = new ConcurrentHashMap<>();

    Anchoring(
            LogTable table, LogKeys keys, Anchorage anchorage, Ticker ticker, NodeProperties node) {
        this.table = table;
        this.keys = keys;
        this.anchorage = anchorage;
        this.ticker = ticker;
        this.enabled = !node.readOnly();
    }

    @Scheduled(initialDelay = 1000, fixedDelay = 1000)
    void anchorAll() {
        if (enabled) {
            keys.hosted().forEach(this::anchor);
        }
    }

    private void anchor(MemberId organisation) {
        var rested = notBefore.get(organisation);
        if (rested != null && ticker.nanos() - rested < 0) {
            return;
        }
        try {
            var head = table.latest(organisation);
            if (head.isPresent() && isNews(organisation, head.get())) {
                anchorage
                        .anchor(organisation, head.get())
                        .ifPresent(refusal -> rest(organisation, refusal));
            }
        } catch (RuntimeException e) {
            rest(organisation, e.toString());
        }
    }

    private boolean isNews(MemberId organisation, SignedHead head) {
        return head.size() > 0
                && anchorage.isOpenTo(organisation)
                && anchorage
                        .latest(organisation)
                        .filter(anchored -> anchored.size().value() >= head.size())
                        .isEmpty();
    }

    private void rest(MemberId organisation, String why) {
        LOG.warn("log {}: not anchored for now: {}", organisation, why);
        notBefore.put(organisation, ticker.nanos() + REST_AFTER_FAILURE.toNanos());
    }
}
