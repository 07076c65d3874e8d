package io.xinglin;

import io.xinglin.fsck.Fsck;
import io.xinglin.identity.MasterRotation;
import io.xinglin.ledger.BadSnapshot;
import io.xinglin.ledger.Snapshots;
import io.xinglin.log.VerifyCommand;
import io.xinglin.platform.DataDirectory;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.event.ApplicationEnvironmentPreparedEvent;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.ApplicationListener;

/// The command line of a node: `run` (when nothing is named), `fsck`, `reset`, `verify`,
/// `ledger-snapshot`, `ledger-restore` and `rotate-master-key`.
public final class Xinglin {
    private static final PrintStream OUT =
            new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
    private static final PrintStream ERR =
            new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8);

    private Xinglin() {}

    /// Runs the command that the first argument names.
    ///
    /// Exit code 0: it went well; 1: something is not what it should be; 2: the command line was not understood, or there is no
    /// node where it says.
    public static void main(String[] args) {
        var command = args.length == 0 || args[0].startsWith("--") ? "run" : args[0];
        var rest =
                args.length > 0 && command.equals(args[0])
                        ? Arrays.copyOfRange(args, 1, args.length)
                        : args;
        switch (command) {
            case "run" -> run(rest);
            case "fsck" -> System.exit(fsck(rest));
            case "verify" -> System.exit(VerifyCommand.run(rest, OUT, ERR));
            case "reset" -> System.exit(reset());
            case "ledger-snapshot" -> System.exit(ledgerSnapshot(rest));
            case "ledger-restore" -> System.exit(ledgerRestore(rest));
            case "rotate-master-key" -> System.exit(rotateMasterKey(rest));
            default -> System.exit(usage());
        }
    }

    private static int usage() {
        ERR.println(
                "usage: xinglin [run | fsck [--json FILE] | reset | ledger-snapshot FILE |"
                        + " ledger-restore FILE | rotate-master-key | verify FILE --vkey KEY"
                        + " [--witness VKEY]… [--quorum N] [--record FILE] |"
                        + " verify FILE --policy POLICY [--vkey KEY] [--record FILE]]");
        return 2;
    }

    private static void run(String[] args) {
        ApplicationListener<ApplicationReadyEvent> announcement =
                ready -> {
                    var port =
                            ready.getApplicationContext()
                                    .getEnvironment()
                                    .getProperty("local.server.port");
                    OUT.println("Xinglin is ready at http://localhost:" + port);
                    OUT.println(
                            "  look at what everyone may see: http://localhost:"
                                    + port
                                    + "/explorer");
                    OUT.println(
                            "  change one byte and see who notices: http://localhost:"
                                    + port
                                    + "/sandbox");
                    OUT.println(
                            "  be someone: make users, then make -s token USER=zhang; the README has a first read");
                    OUT.println("  the whole idea as a script: make story");
                };
        application().listeners(announcement).run(args);
    }

    private static int fsck(String[] args) {
        var json = Arrays.asList(args).indexOf("--json");
        if (json >= 0 && json == args.length - 1) {
            return usage();
        }
        // The context is the node's own, but it listens nowhere and changes nothing.
        var settings = Stream.of("--server.port=-1", "--xinglin.read-only=true");
        var all = Stream.concat(Arrays.stream(args), settings).toArray(String[]::new);
        try (var context = application().run(all)) {
            var outcome = context.getBean(Fsck.class).run(OUT);
            if (json >= 0) {
                outcome.write(Path.of(args[json + 1]));
            }
            return outcome.isSound() ? 0 : 1;
        } catch (IOException e) {
            ERR.println("the report cannot be written: " + e.getMessage());
            return 2;
        }
    }

    private static int ledgerSnapshot(String[] args) {
        // Like fsck, it may look while the node runs.
        return withFile(args, "--xinglin.read-only=true", Snapshots::write);
    }

    private static int ledgerRestore(String[] args) {
        // Not read-only: it is refused while a node runs on the directory.
        return withFile(args, "--xinglin.sample=false", Snapshots::restore);
    }

    /// Refused while a node runs on the directory. What a crash leaves undone, the next start does.
    private static int rotateMasterKey(String[] args) {
        var settings =
                Stream.concat(
                        Arrays.stream(args),
                        Stream.of("--server.port=-1", "--xinglin.sample=false"));
        try (var context = application().run(settings.toArray(String[]::new))) {
            var rotation = context.getBean(MasterRotation.class);
            var generation = rotation.begin();
            OUT.println("master key " + generation + " is in the keystore");
            rotation.finish();
            OUT.println(
                    "everything is sealed under it, and those of before are destroyed: keep a copy"
                            + " of the keystore, and let go of older ones");
            return 0;
        }
    }

    private static int withFile(String[] args, String setting, FileTask task) {
        if (args.length == 0 || args[0].startsWith("--")) {
            ERR.println("usage: xinglin ledger-snapshot FILE | ledger-restore FILE");
            return 2;
        }
        var settings =
                Stream.concat(Arrays.stream(args).skip(1), Stream.of("--server.port=-1", setting));
        try (var context = application().run(settings.toArray(String[]::new))) {
            OUT.println(task.run(context.getBean(Snapshots.class), Path.of(args[0])));
            return 0;
        } catch (BadSnapshot e) {
            ERR.println(args[0] + ": " + e.getMessage());
            return 1;
        } catch (IOException e) {
            ERR.println("cannot read or write " + e.getMessage());
            return 2;
        }
    }

    @FunctionalInterface
    private interface FileTask {
        String run(Snapshots snapshots, Path file) throws IOException;
    }

    /// Ends a command that only looks before anything is made in a directory that was mistyped.
    private static ApplicationListener<ApplicationEnvironmentPreparedEvent> requireData() {
        return prepared -> {
            var environment = prepared.getEnvironment();
            if (environment.getProperty("xinglin.read-only", Boolean.class, false)) {
                try {
                    DataDirectory.requireNodes(
                            Path.of(environment.getRequiredProperty("xinglin.data")));
                } catch (DataDirectory.NoData e) {
                    ERR.println(e.getMessage());
                    System.exit(2);
                }
            }
        };
    }

    private static int reset() {
        var data = Path.of(System.getenv().getOrDefault("DATA", ".xinglin"));
        try {
            OUT.println(
                    DataDirectory.erase(data)
                            .map(left -> erased(data, left))
                            .orElse("nothing to reset: " + data + " does not exist"));
            return 0;
        } catch (DataDirectory.DataInUse | IllegalArgumentException e) {
            ERR.println(e.getMessage());
            return 1;
        }
    }

    private static String erased(Path data, List<String> left) {
        return left.isEmpty()
                ? data + " is deleted; the next start begins anew"
                : "what the node stored in "
                        + data
                        + " is deleted; the next start begins anew. Left there, because no node made it: "
                        + String.join(", ", left);
    }

    private static SpringApplicationBuilder application() {
        return new SpringApplicationBuilder(Application.class).listeners(requireData());
    }
}
