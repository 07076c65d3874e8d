package io.xinglin.fsck;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.springframework.stereotype.Component;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// Runs every [Check] and tells what it found.
@Component
public class Fsck {
    private static final long PROGRESS_NANOS = Duration.ofSeconds(2).toNanos();

    private final List<Check> checks;

    Fsck(List<Check> checks) {
        this.checks = List.copyOf(checks);
    }

    /// Runs every check, a line for each finding and each check; progress while it works.
    public Outcome run(PrintStream out) {
        var outcomes = new ArrayList<CheckOutcome>();
        for (var check : checks) {
            out.printf("checking %s%n", check.name());
            var report = new PrintedReport(out);
            try {
                check.run(report);
            } catch (RuntimeException e) {
                report.finding(check.name(), "the check itself failed: " + e.getClass().getName());
            }
            out.printf("  %,d items, %s%n", report.items, outcome(report.findings.size()));
            outcomes.add(new CheckOutcome(check.name(), report.items, report.findings));
        }
        var outcome = new Outcome(outcomes);
        out.println(
                outcome.isSound()
                        ? "fsck: everything stored is what was proved"
                        : "fsck: " + outcome.count() + " findings; see the lines marked !!");
        return outcome;
    }

    /// What a run found.
    public record Outcome(List<CheckOutcome> checks) {
        /// Whether everything stored is what was proved.
        @JsonProperty("sound")
        public boolean isSound() {
            return count() == 0;
        }

        private long count() {
            return checks.stream().mapToLong(check -> check.findings().size()).sum();
        }

        /// Writes it as JSON.
        public void write(Path file) throws IOException {
            try (var out = Files.newOutputStream(file)) {
                JsonMapper.builder()
                        .enable(SerializationFeature.INDENT_OUTPUT)
                        .build()
                        .writeValue(out, this);
            }
        }
    }

    /// What one check found.
    ///
    /// @param items how many items it looked at
    public record CheckOutcome(String name, long items, List<Finding> findings) {}

    /// Something stored that is not what was proved, as [Report#finding] has it.
    public record Finding(String where, String what) {}

    private static String outcome(long findings) {
        return findings == 0 ? "no findings" : findings + " findings";
    }

    private static final class PrintedReport implements Report {
        private final PrintStream out;
        private final List<Finding> findings = new ArrayList<>();
        private long items;
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
            findings.add(new Finding(where, what));
            out.printf("!! %s: %s%n", where, what);
        }
    }
}
