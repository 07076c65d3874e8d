package io.xinglin.fsck;

import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import org.springframework.stereotype.Component;

/// Runs every [Check] and tells what it found.
@Component
public class Fsck {
    private static final long PROGRESS_NANOS = Duration.ofSeconds(2).toNanos();

    private final List<Check> checks;

    Fsck(List<Check> checks) {
        this.checks = List.copyOf(checks);
    }

    /// Runs every check, a line for each finding and each check; progress while it works.
    ///
    /// @return how many findings there were; 0 means that everything stored is what was proved
    public long run(PrintStream out) {
        long findings = 0;
        for (var check : checks) {
            out.printf("checking %s%n", check.name());
            var report = new PrintedReport(out);
            try {
                check.run(report);
            } catch (RuntimeException e) {
                report.finding(check.name(), "the check itself failed: " + e.getClass().getName());
            }
            out.printf("  %,d items, %s%n", report.items, outcome(report.findings));
            findings += report.findings;
        }
        out.println(
                findings == 0
                        ? "fsck: everything stored is what was proved"
                        : "fsck: " + findings + " findings; see the lines marked !!");
        return findings;
    }

    private static String outcome(long findings) {
        return findings == 0 ? "no findings" : findings + " findings";
    }

    private static final class PrintedReport implements Report {
        private final PrintStream out;
        private long items;
        private long findings;
        private long nextProgress = System.nanoTime() + PROGRESS_NANOS;

        PrintedReport(PrintStream out) {
            this.out = out;
        }

        @Override
        public synchronized void checked(long more) {
            items += more;
            if (System.nanoTime() - nextProgress > 0) {
                out.printf("  … %,d items%n", items);
                nextProgress = System.nanoTime() + PROGRESS_NANOS;
            }
        }

        @Override
        public synchronized void finding(String where, String what) {
            findings++;
            out.printf("!! %s: %s%n", where, what);
        }
    }
}
