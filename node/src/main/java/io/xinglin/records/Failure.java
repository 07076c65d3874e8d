package io.xinglin.records;

import java.sql.SQLException;
import java.util.Arrays;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What the operator is told of something unforeseen: the kinds of its causes and where in this program it came from. Never the
/// messages, which may quote what was sent.
final class Failure {
    private static final int FRAMES_MAX = 5;

    private Failure() {}

    static String of(Throwable failure) {
        var causes =
                Stream.iterate(failure, Objects::nonNull, Throwable::getCause)
                        .limit(FRAMES_MAX)
                        .map(Failure::kind)
                        .collect(Collectors.joining(" < "));
        var frames =
                Stream.iterate(failure, Objects::nonNull, Throwable::getCause)
                        .limit(FRAMES_MAX)
                        .flatMap(cause -> Arrays.stream(cause.getStackTrace()))
                        .filter(frame -> frame.getClassName().startsWith("io.xinglin."))
                        .limit(FRAMES_MAX)
                        .map(frame -> frame.getFileName() + ":" + frame.getLineNumber())
                        .collect(Collectors.joining(", "));
        return causes + " at " + frames;
    }

    private static String kind(Throwable cause) {
        return cause instanceof SQLException sql
                ? cause.getClass().getSimpleName() + " " + sql.getSQLState()
                : cause.getClass().getSimpleName();
    }
}
