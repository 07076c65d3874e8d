package io.xinglin.sandbox;

import io.xinglin.contracts.Member;
import io.xinglin.contracts.MemberId;
import io.xinglin.fsck.Check;
import io.xinglin.fsck.Report;
import io.xinglin.tlog.Checkpoint;
import io.xinglin.tlog.EntryBundle;
import io.xinglin.tlog.GrowingTree;
import io.xinglin.tlog.MalformedLogData;
import io.xinglin.tlog.NoteVerifier;
import io.xinglin.tlog.SignedNote;
import io.xinglin.tlog.TilePath;
import io.xinglin.tlog.TileStore;
import io.xinglin.tlog.Verification;
import java.util.Arrays;

/// What a member sees who looks at the others' logs from outside: their public files, and the anchors on the ledger.
///
/// Anyone can look so, with no right to anything; it is why a log that lies is found out by those it lies to.
record Neighbour(MemberId watcher, Copy copy) implements Check {
    @Override
    public String name() {
        return "the public files of the other logs, seen by " + watcher;
    }

    @Override
    public void run(Report report) {
        copy.ledger().members().stream()
                .filter(member -> !member.id().equals(watcher))
                .forEach(member -> look(member, report));
    }

    private void look(Member member, Report report) {
        var where = "log " + member.id() + " ";
        var files = copy.files(member.id());
        try {
            var note = SignedNote.parse(files.checkpoint().orElse(""));
            var key = NoteVerifier.of(member.log().vkey());
            if (Checkpoint.verify(note, key) instanceof Verification.Invalid(var why)) {
                report.finding(where + "checkpoint", why);
                return;
            }
            var head = Checkpoint.parse(note.text());
            report.checked(1);
            compare(head, files, where, report);
            copy.ledger()
                    .anchor(member.id(), head.size().value())
                    .filter(anchor -> !anchor.root().equals(head.root().toString()))
                    .ifPresent(
                            _ ->
                                    report.finding(
                                            where + "anchor " + head.size(),
                                            "the ledger holds another root"));
        } catch (MalformedLogData e) {
            report.finding(where + "checkpoint", String.valueOf(e.getMessage()));
        }
    }

    /// Grows the tree again from the public entries; its root must be the signed one, and its hashes those of the tiles.
    private static void compare(Checkpoint head, TileStore files, String where, Report report) {
        var tree =
                GrowingTree.empty(
                        (path, content) -> {
                            if (path instanceof TilePath.Hashes
                                    && !files.read(path)
                                            .filter(found -> Arrays.equals(found, content))
                                            .isPresent()) {
                                report.finding(where + path, "is not what the public entries give");
                            }
                        });
        try {
            TilePath.ofLog(head.size())
                    .filter(TilePath.Entries.class::isInstance)
                    .map(path -> files.read(path).orElse(new byte[0]))
                    .forEach(bundle -> EntryBundle.parse(bundle).forEach(tree::append));
        } catch (MalformedLogData e) {
            report.finding(where + "tile/entries", String.valueOf(e.getMessage()));
            return;
        }
        tree.writeEdge();
        report.checked(tree.size().value());
        if (!tree.root().equals(head.root())) {
            report.finding(
                    where + "checkpoint " + head.size(),
                    "the public entries do not give the root that was signed");
        }
    }
}
