package io.xinglin.log;

import io.xinglin.fsck.Report;
import java.util.ArrayList;
import java.util.List;

/// What a check found.
final class Findings implements Report {
    final List<String> found = new ArrayList<>();
    long items;

    @Override
    public void checked(long more) {
        items += more;
    }

    @Override
    public void finding(String where, String what) {
        found.add(where + ": " + what);
    }
}
