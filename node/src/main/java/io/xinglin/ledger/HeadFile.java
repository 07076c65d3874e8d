package io.xinglin.ledger;

import io.xinglin.tlog.Hash;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;

/// The last block, remembered beside the database, so that a database that was cut back or put back is noticed.
///
/// It is written after the block is committed and never waited for: after a power failure it may name an older block, never one
/// that was not written. Whoever restores an old database on purpose deletes the file.
final class HeadFile {
    private static final String NAME = "ledger-head";

    private final Path file;

    HeadFile(Path data) {
        this.file = data.resolve(NAME);
    }

    void keep(BlockHeader header) {
        var draft = file.resolveSibling(NAME + ".new");
        var text = header.number() + "\n" + BlockHeader.hex(header.hash()) + "\n";
        try {
            Files.writeString(draft, text, StandardCharsets.US_ASCII);
            Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// What speaks against the blocks in the database; empty if nothing does.
    Optional<String> contradiction(LedgerTables tables) {
        return read().flatMap(
                        remembered ->
                                tables.block(remembered.number())
                                                .filter(
                                                        it ->
                                                                it.header()
                                                                        .hash()
                                                                        .equals(remembered.hash()))
                                                .isPresent()
                                        ? Optional.empty()
                                        : Optional.of(
                                                "block "
                                                        + remembered.number()
                                                        + " was written once and is not in the"
                                                        + " database any more (see "
                                                        + file
                                                        + ")"));
    }

    private Optional<Remembered> read() {
        try {
            return parse(Files.readAllLines(file, StandardCharsets.US_ASCII));
        } catch (NoSuchFileException | CharacterCodingException _) {
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// A file that a power failure left half written says nothing.
    private static Optional<Remembered> parse(List<String> lines) {
        try {
            return lines.size() == 2
                    ? Optional.of(
                            new Remembered(
                                    Long.parseLong(lines.get(0)),
                                    SnapshotStatement.hash(lines.get(1))))
                    : Optional.empty();
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    private record Remembered(long number, Hash hash) {}
}
