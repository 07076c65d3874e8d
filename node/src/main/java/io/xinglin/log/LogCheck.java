package io.xinglin.log;

import io.xinglin.contracts.MemberId;
import io.xinglin.fsck.Check;
import io.xinglin.fsck.Report;
import io.xinglin.platform.Ticker;
import io.xinglin.tlog.Checkpoint;
import java.util.Optional;
import java.util.TreeSet;
import org.springframework.stereotype.Component;

/// Checks every log on this node against its entries, its signatures and its anchors.
///
/// It does not check when a checkpoint was signed: that is this node's word, and nothing proves it.
@Component
class LogCheck implements Check {
    private final LogTable table;
    private final LogKeys keys;
    private final LogFiles files;
    private final Anchorage anchorage;
    private final Ticker ticker;

    LogCheck(LogTable table, LogKeys keys, LogFiles files, Anchorage anchorage, Ticker ticker) {
        this.table = table;
        this.keys = keys;
        this.files = files;
        this.anchorage = anchorage;
        this.ticker = ticker;
    }

    @Override
    public String name() {
        return "transparency logs: entries, tiles, checkpoints and anchors";
    }

    @Override
    public void run(Report report) {
        var hosted = new TreeSet<>(keys.hosted());
        hosted.forEach(organisation -> check(organisation, report));
        table.organisations().stream()
                .filter(name -> hosted.stream().noneMatch(it -> it.value().equals(name)))
                .forEach(name -> report.finding("log " + name, "is of nobody on this node"));
    }

    /// Whatever is wrong with one log, the others are checked as well.
    private void check(MemberId organisation, Report report) {
        try {
            new Recomputation(
                            organisation,
                            table,
                            files.of(organisation),
                            keys.signer(organisation).verifier(),
                            anchor(organisation, report),
                            ticker,
                            report)
                    .run();
        } catch (RuntimeException e) {
            report.finding(
                    "log " + organisation,
                    "cannot be checked to its end: " + e.getClass().getSimpleName());
        }
    }

    private Optional<Checkpoint> anchor(MemberId organisation, Report report) {
        try {
            return anchorage.latest(organisation);
        } catch (RuntimeException e) {
            report.finding(
                    "log " + organisation + " anchor",
                    "the ledger's cannot be read: " + e.getClass().getSimpleName());
            return Optional.empty();
        }
    }
}
