package io.xinglin.bench;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// Prints figures as they come and keeps them in `target/bench/{part}.json`.
final class Figures {
    private static final PrintStream OUT =
            new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);

    private final String part;
    private final List<Figure> figures = new ArrayList<>();

    Figures(String part) {
        this.part = part;
        OUT.printf(Locale.ROOT, "%n%s%n", part);
    }

    void note(String text) {
        OUT.println("  " + text);
    }

    Figure add(Figure figure) {
        figures.add(figure);
        OUT.printf(
                Locale.ROOT,
                "  %-46s %,12.1f %-16s%s%s%n",
                figure.name(),
                figure.value(),
                figure.unit(),
                figure.peer() == null ? "" : peer(figure),
                figure.limit() == null ? "" : limit(figure));
        return figure;
    }

    void write() throws IOException {
        var file = Files.createDirectories(Path.of("target/bench")).resolve(part + ".json");
        JsonMapper.builder()
                .enable(SerializationFeature.INDENT_OUTPUT)
                .build()
                .writeValue(file, figures);
    }

    private static String peer(Figure figure) {
        return String.format(
                Locale.ROOT,
                " | %s %,.1f, ratio %.2f",
                figure.peer(),
                figure.peerValue(),
                figure.ratio());
    }

    private static String limit(Figure figure) {
        return String.format(
                Locale.ROOT, " | limit: %s %,.1f", figure.limit(), figure.limitValue());
    }
}
