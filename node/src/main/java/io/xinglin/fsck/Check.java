package io.xinglin.fsck;

/// One check of what is stored against what is proved. Beans of this type are what `fsck` runs.
public interface Check {
    /// What is checked, in a few plain words: "sealed records against their log".
    String name();

    /// Checks everything, telling `report` how far it is and what is wrong; never throws for bad data.
    void run(Report report);
}
