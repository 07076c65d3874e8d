package io.xinglin.bench;

import io.xinglin.fsck.Check;
import io.xinglin.fsck.Report;
import io.xinglin.ledger.Ledger;
import java.util.concurrent.atomic.LongAdder;

/// How long `fsck` takes for a ledger of many transactions: it runs each again and verifies its signature.
///
/// What it takes for a log of many entries, the growth of a log shows.
final class FsckBench {
    private static final int TRANSACTIONS = Integer.getInteger("entries", 1_000_000);

    private FsckBench() {}

    static void run() throws Exception {
        var figures = new Figures("fsck");
        var verifications = figures.add(Machine.verifications());
        try (var node = new EmptyNode(false)) {
            LedgerBench.fill(node.get(Ledger.class), TRANSACTIONS);
            var check =
                    node.all(Check.class)
                            .filter(it -> it.name().startsWith("ledger"))
                            .findFirst()
                            .orElseThrow();
            var items = new LongAdder();
            var rates = Load.repeat(() -> rate(check, items));
            var name = "%,d transactions checked".formatted(items.sum() / Load.RUNS);
            figures.add(Figure.of(name, "transactions/s", rates).within(verifications));
        }
        figures.write();
    }

    private static double rate(Check check, LongAdder items) {
        var before = items.sum();
        var begun = System.nanoTime();
        check.run(
                new Report() {
                    @Override
                    public void checked(long more) {
                        items.add(more);
                    }

                    @Override
                    public void finding(String where, String what) {
                        throw new IllegalStateException(where + ": " + what);
                    }
                });
        return (items.sum() - before) / ((System.nanoTime() - begun) / 1e9);
    }
}
