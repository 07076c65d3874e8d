package io.xinglin.ledger;

import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The one thread that orders: all transactions that wait become the next block.
///
/// While one block is on its way to disk the next ones gather, so the more is asked for the larger the blocks get.
final class WriterThread implements Ordering {
    private static final Logger LOG = LoggerFactory.getLogger(WriterThread.class);

    private final BlockWriter writer;
    private final WaitingLine waiting = new WaitingLine();
    private final Thread thread = new Thread(this::run, "ledger-writer");
    private volatile boolean closed;
    private volatile boolean broken;

    WriterThread(BlockWriter writer) {
        this.writer = writer;
    }

    void start() {
        thread.start();
    }

    @Override
    public boolean looks() {
        return true;
    }

    @Override
    public boolean isFull() {
        return waiting.isFull();
    }

    @Override
    public boolean order(Pending pending) {
        var waits = waiting.offer(pending);
        if (closed) {
            abandonAll();
        }
        return waits;
    }

    @Override
    public Optional<String> stopped() {
        return broken
                ? Optional.of("a block could not be trusted; the node's log says why")
                : Optional.empty();
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        writer.close();
    }

    private void run() {
        try {
            while (!closed) {
                if (!writer.write(waiting.take(writer.limits()))) {
                    broken = true;
                    closed = true;
                }
            }
        } catch (InterruptedException e) {
            LOG.debug("the ledger stops");
        } finally {
            // Whatever ends this thread, nobody waits for it in vain.
            closed = true;
            abandonAll();
        }
    }

    private void abandonAll() {
        BlockWriter.abandon(waiting.empty(), new IllegalStateException("the ledger is closed"));
    }
}
