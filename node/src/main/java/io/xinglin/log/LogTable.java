package io.xinglin.log;

import io.xinglin.contracts.MemberId;
import io.xinglin.tlog.LeafIndex;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The logs in the database: what is promised, what has its place, what was signed.
interface LogTable {
    /// An entry at its place.
    record Placed(long index, Entry entry) {}

    void promise(MemberId organisation, List<EntryId> ids, List<Entry> entries);

    /// The entry of this id, with or without a place.
    Optional<Entry> entry(MemberId organisation, EntryId id);

    /// The entries of these ids, with or without a place.
    Map<EntryId, Entry> entries(MemberId organisation, Collection<EntryId> ids);

    /// An entry under its id.
    record Identified(EntryId id, Entry entry) {}

    /// Entries from a place on to before another, with their ids.
    List<Identified> identified(MemberId organisation, long from, long to);

    Optional<LeafIndex> indexOf(MemberId organisation, EntryId id);

    /// Those of these organisations for whom entries are promised.
    Set<MemberId> waiting(List<MemberId> organisations);

    /// Gives the first promised entries their places behind the last one. Runs in a transaction of the caller.
    ///
    /// Two nodes started on one database by mistake take turns instead of taking the same places.
    ///
    /// @return them, in order
    List<Placed> place(MemberId organisation, int limit);

    /// Entries from a place on, in order.
    List<Placed> entries(MemberId organisation, long from, int limit);

    /// How many entries have a place.
    long size(MemberId organisation);

    void keep(MemberId organisation, SignedHead head);

    /// The checkpoint that was signed last.
    Optional<SignedHead> latest(MemberId organisation);

    /// The checkpoint that was signed for this size.
    Optional<SignedHead> head(MemberId organisation, long size);

    /// The size of the checkpoint that was signed last.
    long latestSize(MemberId organisation);

    /// A checkpoint as it is stored, whatever it says.
    record Kept(long size, String note) {}

    /// Checkpoints above a size, in order.
    List<Kept> checkpoints(MemberId organisation, long above, int limit);

    /// Whoever has anything here.
    List<String> organisations();
}
