package io.xinglin.platform;

import java.sql.SQLException;
import java.util.Arrays;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What the operator is told of something unforeseen: the kinds of its causes and where in this program it came from. Never the
/// messages, which may quote what was sent.
public final class Failure {
    private static final int CAUSES_MAX = 5;
    private static final int FRAMES_MAX = 5;

    private Failure() {}

    /// Tells of a failure in one line.
    public static String of(Throwable failure) {
        var kinds = causes(failure).map(Failure::kind).collect(Collectors.joining(" < "));
        var frames =
                causes(failure)
                        .flatMap(cause -> Arrays.stream(cause.getStackTrace()))
                        .filter(frame -> frame.getClassName().startsWith("io.xinglin."))
                        .limit(FRAMES_MAX)
                        .map(frame -> frame.getFileName() + ":" + frame.getLineNumber())
                        .collect(Collectors.joining(", "));
        return kinds + " at " + (frames.isEmpty() ? "an unknown place" : frames);
    }

    /// A failure and what caused it, the first five.
    public static Stream<Throwable> causes(Throwable failure) {
        return Stream.iterate(failure, Objects::nonNull, Throwable::getCause).limit(CAUSES_MAX);
    }

    private static String kind(Throwable cause) {
        return cause instanceof SQLException sql
                ? cause.getClass().getSimpleName() + " " + sql.getSQLState()
                : cause.getClass().getSimpleName();
    }
}
