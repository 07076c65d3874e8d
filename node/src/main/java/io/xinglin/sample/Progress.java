package io.xinglin.sample;

import java.io.PrintStream;
import java.util.Locale;

/// Tells on the console, in plain lines, how far the sample is.
final class Progress {
    private final PrintStream out;
    private int patients;
    private long resources;
    private int patientsDone;
    private long resourcesDone;

    Progress(PrintStream out) {
        this.out = out;
    }

    void say(String line) {
        out.println(line);
    }

    /// So much is to do.
    void expect(int patients, long resources) {
        this.patients = patients;
        this.resources = resources;
        this.patientsDone = 0;
        this.resourcesDone = 0;
    }

    /// One more patient, with so many resources.
    void patient(long resources) {
        patientsDone++;
        resourcesDone += resources;
        say(
                String.format(
                        Locale.ROOT,
                        "  %3d %%  %,d of %,d patients, %,d of %,d resources",
                        100 * resourcesDone / Math.max(1, this.resources),
                        patientsDone,
                        patients,
                        resourcesDone,
                        this.resources));
    }
}
