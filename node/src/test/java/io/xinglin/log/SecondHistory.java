package io.xinglin.log;

import io.xinglin.contracts.MemberId;
import io.xinglin.log.MemoryRows.At;
import io.xinglin.sim.MemoryDatabase;
import io.xinglin.tlog.AddCheckpoint;
import io.xinglin.tlog.Checkpoint;
import io.xinglin.tlog.GrowingTree;
import io.xinglin.tlog.NoteSigner;
import io.xinglin.tlog.SignedNote;
import io.xinglin.tlog.TilePath;
import io.xinglin.tlog.TreeSize;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// What a log that lies shows some: it begins as its real history does, and goes on in another way.
public final class SecondHistory {
    private final long same;
    private final SignedNote note;
    private final Map<TilePath, byte[]> files = new HashMap<>();

    /// @param same how many entries are those of the real history
    /// @param more how many follow that are not
    public SecondHistory(
            MemberId organisation,
            MemoryDatabase database,
            NoteSigner signer,
            long same,
            long more) {
        this.same = same;
        var tree = GrowingTree.empty(files::put);
        var rows = new MemoryRows(database).entries;
        for (long index = 0; index < same; index++) {
            tree.append(rows.row(new At(organisation.value(), index)).entry().bytes());
        }
        for (long index = 0; index < more; index++) {
            tree.append(("forged " + index).getBytes(StandardCharsets.UTF_8));
        }
        tree.writeEdge();
        note = new Checkpoint(signer.name(), tree.size(), tree.root()).sign(signer);
    }

    /// How many entries are those of the real history.
    public long same() {
        return same;
    }

    public Checkpoint head() {
        return Checkpoint.parse(note.text());
    }

    /// Asks a witness that knows a tree of this size, as well as a liar can.
    public byte[] request(long known) {
        var old = new TreeSize(Math.min(known, head().size().value()));
        return AddCheckpoint.of(old, note, path -> Optional.ofNullable(files.get(path)))
                .toString()
                .getBytes(StandardCharsets.UTF_8);
    }
}
