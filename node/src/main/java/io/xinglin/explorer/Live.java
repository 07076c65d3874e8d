package io.xinglin.explorer;

import io.xinglin.contracts.AnchorCommand;
import io.xinglin.ledger.Ledger;
import io.xinglin.ledger.LedgerEvent;
import io.xinglin.ledger.Position;
import io.xinglin.ledger.Subscription;
import io.xinglin.platform.NodeProperties;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.event.ApplicationStartedEvent;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/// Tells those who listen that there is a new block, or a checkpoint on the ledger; not what is in it.
@Component
class Live {
    private final Ledger ledger;
    private final NodeProperties node;
    private @Nullable Subscription subscription;
    private long block = -1;
    private long checkpoints;
    private boolean over;

    Live(Ledger ledger, NodeProperties node) {
        this.ledger = ledger;
        this.node = node;
    }

    /// What there is at one moment.
    ///
    /// @param block the number of the last block
    /// @param checkpoints how many have come since the start
    /// @param over whether the node stops: nothing more will come
    record Moment(long block, long checkpoints, boolean over) {}

    synchronized Moment now() {
        return new Moment(block, checkpoints, over);
    }

    /// Waits until there is something else than at that moment, or for so long.
    synchronized Moment after(Moment seen, long millisMax) throws InterruptedException {
        var end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millisMax);
        while (now().equals(seen)) {
            var left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
            if (left <= 0) {
                break;
            }
            wait(left);
        }
        return now();
    }

    @EventListener(ApplicationStartedEvent.class)
    synchronized void start() {
        block = ledger.height() - 1;
        if (!node.readOnly()) {
            subscription = ledger.follow(new Position(block + 1, -1), this::on);
        }
    }

    /// Before the server waits for its last requests: those who listen would keep it waiting.
    @EventListener(ContextClosedEvent.class)
    synchronized void stop() {
        over = true;
        notifyAll();
        if (subscription != null) {
            subscription.close();
        }
    }

    private synchronized void on(LedgerEvent event) {
        block = Math.max(block, event.position().block());
        if (event.transaction().command() instanceof AnchorCommand) {
            checkpoints++;
        }
        notifyAll();
    }
}
