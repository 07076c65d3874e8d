package io.xinglin.platform;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalysisReporter;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.boot.web.server.PortInUseException;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/// Tells on standard error, in a sentence or two, why a node does not start.
@Order(Ordered.HIGHEST_PRECEDENCE)
final class StartFailures implements FailureAnalyzer, FailureAnalysisReporter {
    @Override
    public @Nullable FailureAnalysis analyze(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            switch (cause) {
                case CannotStart why -> {
                    return new FailureAnalysis(String.valueOf(why.getMessage()), null, why);
                }
                case PortInUseException taken -> {
                    return new FailureAnalysis(
                            "port "
                                    + taken.getPort()
                                    + " is in use; stop what listens there, or choose another PORT",
                            null,
                            taken);
                }
                default -> {}
            }
        }
        return null;
    }

    @Override
    public void report(FailureAnalysis analysis) {
        var console =
                new PrintStream(
                        new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8);
        console.println("the node does not start: " + analysis.getDescription());
        if (analysis.getAction() != null) {
            console.println(analysis.getAction());
        }
    }
}
