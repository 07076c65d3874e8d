package io.xinglin.ledger;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// The transactions that wait for the next block: so many and no more, in number and in size.
///
/// Nobody waits to get in. A node that is asked for more than it can order says so at once, and what it holds in memory for
/// those it has let in is bounded.
final class WaitingLine {
    static final int TRANSACTIONS_MAX = 4_096;
    private static final int CHARACTERS_MAX = 32 * 1024 * 1024;

    private final BlockingQueue<Pending> line = new LinkedBlockingQueue<>(TRANSACTIONS_MAX);
    private final AtomicInteger characters = new AtomicInteger();

    boolean isFull() {
        return line.remainingCapacity() == 0 || characters.get() >= CHARACTERS_MAX;
    }

    /// Lets a transaction in, unless the line is full.
    boolean offer(Pending pending) {
        if (isFull()) {
            return false;
        }
        characters.addAndGet(pending.length());
        if (line.offer(pending)) {
            return true;
        }
        characters.addAndGet(-pending.length());
        return false;
    }

    /// Waits for the first, then takes whoever is there or comes while it still waits, up to about this much.
    List<Pending> take(BlockLimits limits) throws InterruptedException {
        var taken = new ArrayList<Pending>();
        var length = 0;
        @Nullable Pending next = line.take();
        var end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(limits.waitMillis());
        while (next != null) {
            characters.addAndGet(-next.length());
            taken.add(next);
            length += next.length();
            if (taken.size() == limits.transactionsMax() || length > BlockLimits.CHARACTERS_MAX) {
                break;
            }
            next = line.poll(end - System.nanoTime(), TimeUnit.NANOSECONDS);
        }
        return taken;
    }

    /// Takes everyone who is there.
    List<Pending> empty() {
        var taken = new ArrayList<Pending>();
        line.drainTo(taken);
        taken.forEach(pending -> characters.addAndGet(-pending.length()));
        return taken;
    }
}
