package io.xinglin.web;

import io.xinglin.ledger.Ledger;
import io.xinglin.ledger.LedgerEvent;
import io.xinglin.ledger.Position;
import io.xinglin.ledger.Subscription;
import io.xinglin.platform.NodeProperties;
import jakarta.annotation.PreDestroy;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.event.ApplicationStartedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/// Follows the ledger and keeps in mind what happened last.
@Component
class News {
    /// So far back it looks after a start.
    private static final int BLOCKS_MAX = 500;

    private static final int HAPPENINGS_MAX = 6;

    private final Ledger ledger;
    private final NodeProperties node;
    private final Deque<Happening> newestFirst = new ArrayDeque<>();
    private @Nullable Subscription subscription;

    News(Ledger ledger, NodeProperties node) {
        this.ledger = ledger;
        this.node = node;
    }

    synchronized List<Happening> latest() {
        return List.copyOf(newestFirst);
    }

    @EventListener(ApplicationStartedEvent.class)
    void start() {
        if (!node.readOnly()) {
            var from = Math.max(0, ledger.height() - BLOCKS_MAX);
            subscription = ledger.follow(new Position(from, -1), this::on);
        }
    }

    @PreDestroy
    void stop() {
        if (subscription != null) {
            subscription.close();
        }
    }

    private synchronized void on(LedgerEvent event) {
        var command = event.transaction().command();
        var next =
                Happening.of(
                        event.position().block(),
                        event.time(),
                        command.contract() + "." + command.function());
        var last = newestFirst.peekFirst();
        if (last != null && last.joins(next)) {
            newestFirst.removeFirst();
            next = last.and(next);
        }
        newestFirst.addFirst(next);
        if (newestFirst.size() > HAPPENINGS_MAX) {
            newestFirst.removeLast();
        }
    }
}
