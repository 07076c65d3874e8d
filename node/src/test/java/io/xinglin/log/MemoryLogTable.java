package io.xinglin.log;

import io.xinglin.contracts.MemberId;
import io.xinglin.log.MemoryRows.At;
import io.xinglin.log.MemoryRows.OfId;
import io.xinglin.sim.MemoryDatabase;
import io.xinglin.sim.MemoryDatabase.Transaction;
import io.xinglin.tlog.LeafIndex;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// The logs in memory.
class MemoryLogTable implements LogTable {
    private final MemoryDatabase.Session session;
    private final MemoryRows rows;

    MemoryLogTable(MemoryDatabase.Session session) {
        this.session = session;
        this.rows = new MemoryRows(session.database());
    }

    @Override
    public void promise(MemberId organisation, List<EntryId> ids, List<Entry> entries) {
        session.statement(
                "promise",
                it -> {
                    for (var i = 0; i < ids.size(); i++) {
                        promise(organisation.value(), ids.get(i), entries.get(i), it);
                    }
                    return true;
                });
    }

    private void promise(String org, EntryId id, Entry entry, Transaction transaction) {
        var position = session.database().nextNumber();
        transaction.insert(rows.pendingIds, new OfId(org, id.value()), position);
        transaction.insert(rows.pending, position, new MemoryRows.Pending(org, id.value(), entry));
    }

    @Override
    public Optional<Entry> entry(MemberId organisation, EntryId id) {
        return Optional.ofNullable(entries(organisation, List.of(id)).get(id));
    }

    @Override
    public Map<EntryId, Entry> entries(MemberId organisation, Collection<EntryId> ids) {
        return session.statement(
                "entries by id",
                it -> {
                    var found = new HashMap<EntryId, Entry>();
                    for (var id : ids) {
                        find(organisation.value(), id, it).ifPresent(e -> found.put(id, e));
                    }
                    return found;
                });
    }

    private Optional<Entry> find(String org, EntryId id, Transaction transaction) {
        var key = new OfId(org, id.value());
        var position = transaction.view(rows.pendingIds).get(key);
        if (position != null) {
            return Optional.ofNullable(transaction.view(rows.pending).get(position))
                    .map(MemoryRows.Pending::entry);
        }
        var index = transaction.view(rows.entryIds).get(key);
        return index == null
                ? Optional.empty()
                : Optional.ofNullable(transaction.view(rows.entries).get(new At(org, index)))
                        .map(MemoryRows.Placed::entry);
    }

    @Override
    public List<Identified> identified(MemberId organisation, long from, long to) {
        return session.statement(
                "identified",
                it ->
                        it
                                .view(rows.entries)
                                .subMap(
                                        new At(organisation.value(), from),
                                        new At(organisation.value(), Math.max(from, to)))
                                .values()
                                .stream()
                                .map(row -> new Identified(new EntryId(row.id()), row.entry()))
                                .toList());
    }

    @Override
    public Optional<LeafIndex> indexOf(MemberId organisation, EntryId id) {
        return session.statement(
                "index of",
                it ->
                        Optional.ofNullable(
                                        it.view(rows.entryIds)
                                                .get(new OfId(organisation.value(), id.value())))
                                .map(LeafIndex::new));
    }

    @Override
    public Set<MemberId> waiting(List<MemberId> organisations) {
        return session.statement(
                "waiting",
                it -> {
                    var found = new HashSet<MemberId>();
                    it.view(rows.pending).values().forEach(row -> found.add(member(row)));
                    found.retainAll(Set.copyOf(organisations));
                    return found;
                });
    }

    private static MemberId member(MemoryRows.Pending row) {
        return new MemberId(row.org());
    }

    @Override
    public List<Placed> place(MemberId organisation, int limit) {
        var org = organisation.value();
        session.statement(
                "lock",
                it -> {
                    it.lock("log " + org);
                    return true;
                });
        return session.statement("place", it -> place(org, limit, it));
    }

    private List<Placed> place(String org, int limit, Transaction transaction) {
        var first =
                transaction.view(rows.pending).entrySet().stream()
                        .filter(row -> row.getValue().org().equals(org))
                        .limit(limit)
                        .toList();
        var placed = new ArrayList<Placed>();
        var next = size(org, transaction);
        for (var row : first) {
            var pending = row.getValue();
            var id = new OfId(org, pending.id());
            transaction.delete(rows.pending, row.getKey());
            transaction.delete(rows.pendingIds, id);
            transaction.insert(
                    rows.entries,
                    new At(org, next),
                    new MemoryRows.Placed(pending.id(), pending.entry()));
            transaction.insert(rows.entryIds, id, next);
            placed.add(new Placed(next, pending.entry()));
            next++;
        }
        return placed;
    }

    private long size(String org, Transaction transaction) {
        var last = of(org, -1, transaction.view(rows.entries)).lastEntry();
        return last == null ? 0 : last.getKey().number() + 1;
    }

    /// The rows of a log above a number.
    private static <V> NavigableMap<At, V> of(String org, long above, NavigableMap<At, V> view) {
        return view.subMap(new At(org, above), false, new At(org, Long.MAX_VALUE), true);
    }

    @Override
    public List<Placed> entries(MemberId organisation, long from, int limit) {
        return session.statement(
                "entries",
                it ->
                        of(organisation.value(), from - 1, it.view(rows.entries))
                                .entrySet()
                                .stream()
                                .limit(limit)
                                .map(
                                        row ->
                                                new Placed(
                                                        row.getKey().number(),
                                                        row.getValue().entry()))
                                .toList());
    }

    @Override
    public long size(MemberId organisation) {
        return session.statement("size", it -> size(organisation.value(), it));
    }

    @Override
    public void keep(MemberId organisation, SignedHead head) {
        session.statement(
                "keep checkpoint",
                it -> {
                    it.insert(
                            rows.checkpoints,
                            new At(organisation.value(), head.size()),
                            new MemoryRows.Signed(head.note(), head.signedAt()));
                    return true;
                });
    }

    @Override
    public Optional<SignedHead> latest(MemberId organisation) {
        return session.statement(
                "latest",
                it ->
                        Optional.ofNullable(
                                        of(organisation.value(), -1, it.view(rows.checkpoints))
                                                .lastEntry())
                                .map(row -> signed(row.getValue())));
    }

    private static SignedHead signed(MemoryRows.Signed row) {
        return SignedHead.of(row.note(), row.at());
    }

    @Override
    public Optional<SignedHead> head(MemberId organisation, long size) {
        return session.statement(
                "head",
                it ->
                        Optional.ofNullable(
                                        it.view(rows.checkpoints)
                                                .get(new At(organisation.value(), size)))
                                .map(MemoryLogTable::signed));
    }

    @Override
    public long latestSize(MemberId organisation) {
        return session.statement(
                "latest size",
                it -> {
                    var all = of(organisation.value(), -1, it.view(rows.checkpoints));
                    return all.isEmpty() ? 0 : all.lastKey().number();
                });
    }

    @Override
    public List<Kept> checkpoints(MemberId organisation, long above, int limit) {
        return session.statement(
                "checkpoints",
                it ->
                        of(organisation.value(), above, it.view(rows.checkpoints))
                                .entrySet()
                                .stream()
                                .limit(limit)
                                .map(row -> new Kept(row.getKey().number(), row.getValue().note()))
                                .toList());
    }

    @Override
    public List<String> organisations() {
        return session.statement(
                "organisations",
                it -> {
                    var found = new TreeSet<String>();
                    it.view(rows.pending).values().forEach(row -> found.add(row.org()));
                    it.view(rows.entries).keySet().forEach(key -> found.add(key.org()));
                    it.view(rows.checkpoints).keySet().forEach(key -> found.add(key.org()));
                    return List.copyOf(found);
                });
    }
}
