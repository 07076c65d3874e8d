package io.xinglin.fsck;

import java.util.ArrayList;
import java.util.List;

/// What a check found, as lines of where and what. Checks may tell it from several threads.
public final class Findings implements Report {
    private final List<String> found = new ArrayList<>();
    private long items;

    /// What a check finds.
    public static List<String> of(Check check) {
        var findings = new Findings();
        check.run(findings);
        return findings.found();
    }

    @Override
    public synchronized void checked(long more) {
        items += more;
    }

    @Override
    public synchronized void finding(String where, String what) {
        found.add(where + ": " + what);
    }

    /// What was found so far.
    public synchronized List<String> found() {
        return List.copyOf(found);
    }

    /// How many items were looked at so far.
    public synchronized long items() {
        return items;
    }
}
