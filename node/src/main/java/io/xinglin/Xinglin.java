package io.xinglin;

import org.springframework.boot.SpringApplication;

/// The command line: `run` (the default), `fsck`, `verify`.
public final class Xinglin {
    private Xinglin() {}

    /// Runs the command named by the first argument.
    public static void main(String[] args) {
        SpringApplication.run(Application.class, args);
    }
}
