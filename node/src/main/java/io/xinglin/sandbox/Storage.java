package io.xinglin.sandbox;

import io.xinglin.contracts.MemberId;
import io.xinglin.sandbox.Target.Kind;
import io.xinglin.tlog.TileStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import javax.sql.DataSource;
import org.springframework.jdbc.core.JdbcTemplate;

/// The rows and files of the copy, read and changed behind the back of everything that guards them: as a thief would who has
/// the disk and the database.
final class Storage {
    private static final List<String> COLUMNS =
            List.of("previous_hash", "transactions_root", "state_digest", "signature");

    private static final String RECORD =
            "(select key from records.resource where org = ? and id = ?)";

    private final JdbcTemplate jdbc;
    private final Function<MemberId, TileStore> files;

    Storage(DataSource database, Function<MemberId, TileStore> files) {
        this.jdbc = new JdbcTemplate(database);
        this.files = files;
    }

    /// Everything that can be changed.
    List<Target> targets() {
        var targets = new ArrayList<Target>();
        jdbc.query(
                "select org, id from records.resource order by org, key",
                row -> {
                    targets.add(Target.ofRecord(new MemberId(row.getString(1)), row.getLong(2)));
                });
        jdbc.query(
                "select org, leaf_index from log.entry order by org, leaf_index",
                row -> {
                    targets.add(Target.entry(new MemberId(row.getString(1)), row.getLong(2)));
                });
        Copy.members().forEach(member -> targets.addAll(files(member)));
        for (var number :
                jdbc.queryForList("select number from ledger.block order by 1", Long.class)) {
            COLUMNS.forEach(column -> targets.add(Target.ofLedger(Kind.BLOCK, number, column)));
        }
        jdbc.query(
                "select block, index from ledger.transaction order by block, index",
                row -> {
                    targets.add(
                            Target.ofLedger(Kind.TRANSACTION, row.getLong(1), row.getString(2)));
                });
        jdbc.query(
                "select block, key from ledger.state order by key",
                row -> {
                    targets.add(Target.ofLedger(Kind.FACT, row.getLong(1), row.getString(2)));
                });
        return targets;
    }

    private List<Target> files(MemberId member) {
        var directory = files.apply(member).directory();
        try (var found = Files.walk(directory)) {
            return found.filter(Files::isRegularFile)
                    .map(file -> directory.relativize(file).toString())
                    .sorted()
                    .map(name -> Target.file(kind(name), member, name))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Kind kind(String file) {
        if (file.startsWith("tile/entries/")) {
            return Kind.BUNDLE;
        }
        return file.startsWith("tile/") ? Kind.TILE : Kind.CHECKPOINT;
    }

    byte[] read(Target target) {
        return switch (target.kind()) {
            case RECORD ->
                    bytes("select sealed from records.version where resource = " + RECORD, target);
            case ENTRY ->
                    bytes("select entry from log.entry where org = ? and leaf_index = ?", target);
            case BUNDLE, TILE, CHECKPOINT -> read(file(target));
            case BLOCK ->
                    isText(target)
                            ? text("select signature from ledger.block where number = ?", target)
                            : bytes(
                                    "select "
                                            + target.name()
                                            + " from ledger.block where number = ?",
                                    target);
            case TRANSACTION ->
                    text(
                            "select jws from ledger.transaction where block = ? and index = ?",
                            target);
            case FACT -> text("select value from ledger.state where key = ?", target);
        };
    }

    private byte[] text(String sql, Target target) {
        var found = jdbc.queryForObject(sql, String.class, arguments(target).toArray());
        return (found == null ? "" : found).getBytes(StandardCharsets.UTF_8);
    }

    private byte[] bytes(String sql, Target target) {
        var found = jdbc.queryForObject(sql, byte[].class, arguments(target).toArray());
        return found == null ? new byte[0] : found;
    }

    private static List<Object> arguments(Target target) {
        return switch (target.kind()) {
            case RECORD ->
                    List.of(target.member().orElseThrow().value(), Long.toString(target.number()));
            case ENTRY -> List.of(target.member().orElseThrow().value(), target.number());
            case TRANSACTION -> List.of(target.number(), Integer.valueOf(target.name()));
            case FACT -> List.of(target.name());
            case BLOCK -> List.of(target.number());
            case BUNDLE, TILE, CHECKPOINT -> List.of();
        };
    }

    /// @throws IllegalArgumentException if these bytes cannot be stored there, being no text
    void write(Target target, byte[] content) {
        switch (target.kind()) {
            case RECORD ->
                    update(
                            "update records.version set sealed = ? where resource = " + RECORD,
                            content,
                            target);
            case ENTRY ->
                    update(
                            "update log.entry set entry = ? where org = ? and leaf_index = ?",
                            content,
                            target);
            case BUNDLE, TILE, CHECKPOINT -> write(file(target), content);
            case BLOCK ->
                    update(
                            "update ledger.block set " + target.name() + " = ? where number = ?",
                            isText(target) ? text(content) : content,
                            target);
            case TRANSACTION ->
                    update(
                            "update ledger.transaction set jws = ? where block = ? and index = ?",
                            text(content),
                            target);
            case FACT ->
                    update(
                            "update ledger.state set value = ? where key = ?",
                            text(content),
                            target);
        }
    }

    private void update(String sql, Object content, Target target) {
        var arguments = new ArrayList<>(List.of(content));
        arguments.addAll(arguments(target));
        jdbc.update(sql, arguments.toArray());
    }

    private static boolean isText(Target target) {
        return target.name().equals("signature");
    }

    private static String text(byte[] content) {
        try {
            var text =
                    StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(content)).toString();
            if (text.indexOf(0) >= 0) {
                throw new IllegalArgumentException("no text in this database has a zero");
            }
            return text;
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("not text", e);
        }
    }

    private Path file(Target target) {
        return files.apply(target.member().orElseThrow()).directory().resolve(target.name());
    }

    private static byte[] read(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void write(Path file, byte[] content) {
        try {
            Files.write(file, content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
