package io.xinglin.log;

import io.xinglin.contracts.MemberId;
import io.xinglin.fsck.Check;
import io.xinglin.fsck.Report;
import java.util.TreeSet;
import org.springframework.stereotype.Component;

/// Checks every log on this node against its entries, its signatures and its anchors.
@Component
class LogCheck implements Check {
    private final LogTable table;
    private final LogKeys keys;
    private final LogFiles files;
    private final Anchorage anchorage;

    LogCheck(LogTable table, LogKeys keys, LogFiles files, Anchorage anchorage) {
        this.table = table;
        this.keys = keys;
        this.files = files;
        this.anchorage = anchorage;
    }

    @Override
    public String name() {
        return "transparency logs: entries, tiles, checkpoints and anchors";
    }

    @Override
    public void run(Report report) {
        var organisations = new TreeSet<>(keys.hosted());
        table.organisations().stream().map(MemberId::new).forEach(organisations::add);
        for (var organisation : organisations) {
            var key = keys.signer(organisation).verifier();
            new Recomputation(
                            organisation,
                            table,
                            files.of(organisation),
                            key,
                            anchorage.latest(organisation),
                            report)
                    .run();
        }
    }
}
