package io.xinglin.story;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// The Go tools of the transparency-log community, where Go is on the machine.
final class Go {
    private Go() {}

    static void verify(Teller teller, Path bin, Path proof, String vkey, String log)
            throws IOException, InterruptedException {
        if (!installed()) {
            teller.say("- not run: Go's verifiers (Go is not installed on this machine)");
            return;
        }
        var checked = run(bin, "verify-proof", proof.toString(), vkey);
        teller.check(checked.code() == 0, "Go's verifier: " + checked.printed());
        var fsck = run(bin, "tessera-fsck", log, vkey);
        teller.check(
                fsck.code() == 0,
                "Tessera's fsck derives the same root from the log's tiles over HTTP");
    }

    private static Commands.Ended run(Path bin, String... arguments)
            throws IOException, InterruptedException {
        var command = new ArrayList<String>();
        command.add(bin.resolve("go-verify").toString());
        command.addAll(List.of(arguments));
        return Commands.run(Map.of(), command);
    }

    private static boolean installed() throws InterruptedException {
        try {
            return Commands.run(Map.of(), List.of("go", "version")).code() == 0;
        } catch (IOException e) {
            return false;
        }
    }
}
