package io.xinglin.log;

import io.xinglin.contracts.MemberId;
import io.xinglin.log.MemoryRows.At;
import io.xinglin.sim.Damage;
import io.xinglin.sim.MemoryDatabase;
import io.xinglin.sim.Violation;
import io.xinglin.tlog.Checkpoint;
import io.xinglin.tlog.Hash;
import io.xinglin.tlog.MalformedLogData;
import io.xinglin.tlog.NoteSigner;
import io.xinglin.tlog.SignedNote;
import io.xinglin.tlog.TilePath;
import io.xinglin.tlog.TileStore;
import io.xinglin.tlog.Verification;
import io.xinglin.tlog.WitnessPolicy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.random.RandomGenerator;

/// What one log must be, worked out apart from the code that keeps it.
///
/// Checked with every signature: the checkpoint is of entries that have their places in the database, and has the root that the
/// recursive definition gives for them; one size has one root, and entries never change. Checked with everything that is shown to
/// others: it is one of those signed, kept and never smaller than what was shown before. Checked after each crash: every file of the
/// published checkpoint is there, and right.
public final class LogTruth {
    private final MemberId organisation;
    private final MemoryRows rows;
    private final List<Hash> leaves = new ArrayList<>();
    private final List<UUID> ids = new ArrayList<>();
    private final Map<Long, Hash> roots = new HashMap<>();
    private final Map<Range, Hash> known = new HashMap<>();
    private final List<List<UUID>> promised = new ArrayList<>();
    private final Set<UUID> all = new HashSet<>();
    private long shown;

    public LogTruth(MemberId organisation, MemoryDatabase database) {
        this.organisation = organisation;
        this.rows = new MemoryRows(database);
    }

    /// The key of the log, listened to.
    public NoteSigner listenedTo(NoteSigner signer) {
        return NoteSigner.of(
                signer.verifier(),
                message -> {
                    signed(Checkpoint.parse(new String(message, StandardCharsets.UTF_8)));
                    return signer.sign(message);
                });
    }

    /// How many entries have a place for good.
    public int size() {
        return leaves.size();
    }

    /// How many checkpoints were signed.
    public int signatures() {
        return roots.size();
    }

    private Optional<Hash> signed(long size) {
        return Optional.ofNullable(roots.get(size));
    }

    private void signed(Checkpoint said) {
        var size = said.size().value();
        learn(size);
        require(
                said.root().equals(root(0, size)),
                "signed a root for size " + size + " that its entries do not give");
        var before = roots.putIfAbsent(size, said.root());
        require(before == null || before.equals(said.root()), "signed two roots for size " + size);
    }

    /// What has a place when a checkpoint covers it has it for good.
    private void learn(long size) {
        for (long index = leaves.size(); index < size; index++) {
            var row = rows.entries.rows().get(new At(organisation.value(), index));
            if (row == null) {
                throw violation("signed entry " + index + " that is not in the database");
            }
            leaves.add(row.entry().leafHash());
            ids.add(row.id());
        }
    }

    /// RFC 6962, section 2.1, word for word.
    private Hash root(long from, long to) {
        if (from == to) {
            return Hash.OF_EMPTY_TREE;
        }
        if (to - from == 1) {
            return leaves.get((int) from);
        }
        var range = new Range(from, to);
        var found = known.get(range);
        if (found == null) {
            var split = from + Long.highestOneBit(to - from - 1);
            found = Hash.node(root(from, split), root(split, to));
            known.put(range, found);
        }
        return found;
    }

    private record Range(long from, long to) {}

    /// Entries were promised, in this order, after all that were promised before.
    public void promised(List<UUID> entries) {
        promised.add(entries);
        all.addAll(entries);
    }

    /// What size was shown last with a quorum.
    public long shown() {
        return shown;
    }

    /// The log is shown to others like this. Until its first quorum it may be shown smaller later.
    ///
    /// @param before what was shown last with a quorum when this began
    /// @param quorum the witnesses, and how many of them are one
    public void shown(byte[] note, long before, WitnessPolicy quorum) {
        var shownNote = SignedNote.parse(new String(note, StandardCharsets.UTF_8));
        var said = Checkpoint.parse(shownNote.text());
        requireSigned(said);
        if (quorum.verify(shownNote) instanceof Verification.Invalid) {
            return;
        }
        require(
                said.size().value() >= before,
                "showed size " + before + " and then size " + said.size());
        shown = Math.max(shown, said.size().value());
    }

    private void requireSigned(Checkpoint said) {
        var size = said.size().value();
        require(
                Optional.of(said.root()).equals(signed(size)),
                "shows a checkpoint of size " + size + " that it did not sign");
        require(
                rows.checkpoints.rows().containsKey(new At(organisation.value(), size)),
                "shows a checkpoint of size " + size + " that it has not kept");
    }

    /// Whether this is a checkpoint of the log's one history.
    public boolean isHistory(Checkpoint said) {
        return Optional.of(said.root()).equals(signed(said.size().value()));
    }

    /// Looks at the files after a crash, before anything is repaired.
    public void checkFiles(Path directory) {
        var store = new TileStore(directory);
        var published = store.checkpoint();
        if (published.isEmpty()) {
            return;
        }
        var said = Checkpoint.parse(SignedNote.parse(published.get()).text());
        requireSigned(said);
        store.firstMissing(said.size())
                .ifPresent(
                        path -> {
                            throw violation("published size " + said.size() + " without " + path);
                        });
    }

    /// Looks at everything, once everything is done.
    public void checkAll() {
        learn(signedSize());
        require(
                rows.pending.rows().values().stream()
                        .noneMatch(row -> row.org().equals(organisation.value())),
                "promised entries have no place");
        var places = new HashMap<UUID, Integer>();
        for (var i = 0; i < ids.size(); i++) {
            require(places.put(ids.get(i), i) == null, "an entry has two places");
            var row = rows.entries.rows().get(new At(organisation.value(), i));
            require(
                    row != null && row.entry().leafHash().equals(leaves.get(i)),
                    "entry " + i + " changed");
        }
        for (var batch : promised) {
            requireInOrder(batch, places);
        }
    }

    private void requireInOrder(List<UUID> batch, Map<UUID, Integer> places) {
        var last = -1;
        for (var id : batch) {
            var place = places.get(id);
            if (place == null) {
                throw violation("entry " + id + " was promised and has no place");
            }
            require(place > last, "entries of one transaction are out of order");
            last = place;
        }
    }

    /// That what was promised earlier comes earlier.
    public void requireEarlier(List<UUID> earlier, List<UUID> later) {
        require(
                ids.indexOf(earlier.getLast()) < ids.indexOf(later.getFirst()),
                "what was promised earlier comes later");
    }

    /// The size of the last checkpoint that was kept.
    public long kept() {
        return rows.checkpoints.rows().keySet().stream()
                .filter(this::isOurs)
                .mapToLong(At::number)
                .max()
                .orElse(0);
    }

    /// Whether a file is the published checkpoint, or a part of the tree that was kept last.
    public boolean covers(String file) {
        return TilePath.parse(file).map(this::isWithin).orElse(true);
    }

    private boolean isWithin(TilePath path) {
        var levels = path instanceof TilePath.Hashes hashes ? hashes.level() : 0;
        var end = path.index() * TilePath.FULL + path.width();
        return end <= kept() >> (8 * levels);
    }

    /// The size of the checkpoint in the files; -1 if there is none.
    public long published(Path directory) {
        return new TileStore(directory)
                .checkpoint()
                .flatMap(LogTruth::size)
                .filter(it -> roots.containsKey(it))
                .orElse(-1L);
    }

    private static Optional<Long> size(String note) {
        try {
            return Optional.of(Checkpoint.parse(SignedNote.parse(note).text()).size().value());
        } catch (MalformedLogData _) {
            return Optional.empty();
        }
    }

    private long signedSize() {
        return roots.keySet().stream().mapToLong(Long::longValue).max().orElse(0);
    }

    /// Whether everything is done: signed as it is, and shown with a quorum.
    public Optional<String> unfinished() {
        var entries = rows.entries.rows().keySet().stream().filter(this::isOurs).count();
        if (rows.pending.rows().values().stream()
                .anyMatch(row -> row.org().equals(organisation.value()))) {
            return Optional.of("entries wait for a place");
        }
        if (signedSize() < entries) {
            return Optional.of("entries wait for a checkpoint");
        }
        return shown < entries ? Optional.of("the last checkpoint is not shown") : Optional.empty();
    }

    private boolean isOurs(At at) {
        return at.org().equals(organisation.value());
    }

    /// Changes one row that something signed covers.
    public Optional<Damage> damage(RandomGenerator random) {
        var size = kept();
        if (size == 0) {
            return Optional.empty();
        }
        if (random.nextBoolean()) {
            var at = new At(organisation.value(), random.nextLong(size));
            var before = rows.entries.row(at);
            var bytes = before.entry().bytes();
            bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(7));
            rows.entries.rows().put(at, new MemoryRows.Placed(before.id(), Entry.stored(bytes)));
            return Optional.of(
                    new Damage(
                            "log " + organisation + " entry " + at.number() + " changed",
                            List.of("log " + organisation),
                            () -> rows.entries.rows().put(at, before)));
        }
        var kept = rows.checkpoints.rows().keySet().stream().filter(this::isOurs).toList();
        var at = kept.get(random.nextInt(kept.size()));
        var before = rows.checkpoints.row(at);
        var note = new StringBuilder(before.note());
        var place = random.nextInt(note.length() - 1);
        note.setCharAt(place, note.charAt(place) == 'A' ? 'B' : 'A');
        rows.checkpoints.rows().put(at, new MemoryRows.Signed(note.toString(), before.at()));
        return Optional.of(
                new Damage(
                        "log " + organisation + " checkpoint " + at.number() + " changed",
                        List.of("log " + organisation),
                        () -> rows.checkpoints.rows().put(at, before)));
    }

    private void require(boolean condition, String otherwise) {
        if (!condition) {
            throw violation(otherwise);
        }
    }

    private Violation violation(String what) {
        return new Violation("log " + organisation + ": " + what);
    }
}
