package io.xinglin.sandbox;

import io.xinglin.fsck.Check;
import io.xinglin.fsck.Report;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What the checks say of the copy as it is.
///
/// @param change what was changed before; empty if nothing is
/// @param results one for each check, in the order they ran
record Trial(Optional<Change> change, List<Result> results) {
    /// One byte that was changed.
    ///
    /// @param at which byte of it
    /// @param before what it was
    /// @param after what it is
    record Change(Target target, int at, byte before, byte after) {}

    /// What one check found, and how long it took.
    record Result(Check check, List<Finding> findings, long items, long nanos) {
        boolean isSound() {
            return findings.isEmpty();
        }
    }

    /// What is wrong, in the words of the check.
    record Finding(String where, String what) {}

    /// Whether any check found anything.
    boolean isNoticed() {
        return results.stream().anyMatch(result -> !result.isSound());
    }

    static Trial run(Optional<Change> change, List<Check> checks) {
        return new Trial(change, checks.stream().map(Trial::run).toList());
    }

    private static Result run(Check check) {
        var report = new Collected();
        var start = System.nanoTime();
        try {
            check.run(report);
        } catch (RuntimeException e) {
            report.finding(check.name(), "the check itself failed: " + e.getClass().getName());
        }
        return new Result(check, report.findings, report.items, System.nanoTime() - start);
    }

    private static final class Collected implements Report {
        private final List<Finding> findings = new ArrayList<>();
        private long items;

        @Override
        public void checked(long more) {
            items += more;
        }

        @Override
        public void finding(String where, String what) {
            findings.add(new Finding(where, what));
        }
    }
}
