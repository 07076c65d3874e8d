package io.xinglin.log;

import java.util.List;
import java.util.UUID;

/// The evidence in the database: each pair once, and of each key so many pairs proved and so many unproved.
interface EvidenceTable {
    /// Keeps evidence.
    ///
    /// @param keptMax how many of its key and judgement are kept
    /// @return whether it is new and there was room for it
    boolean insert(Evidence evidence, int keptMax);

    /// The newest first.
    List<Evidence> latest(int countMax);

    /// What is unproved of a log with this key.
    List<Evidence> unproved(String vkey);

    /// Drops what is unproved.
    void deleteUnproved(UUID id);
}
