package io.xinglin.bench;

import java.nio.file.Path;
import java.util.Arrays;

/// Measures the parts named on the command line: `machine`, `ledger`, `consortium`, `log`, `growth`,
/// `fsck`, `fhir`, `peer`.
public final class Bench {
    private Bench() {}

    /// Runs the parts one after the other; each prints a table and writes `target/bench/{part}.json`.
    ///
    /// @param args the packaged node, the sample bundles, the directory of the command-line tools, then the parts
    public static void main(String[] args) throws Exception {
        for (var part : Arrays.asList(args).subList(3, args.length)) {
            switch (part) {
                case "machine" -> machine();
                case "ledger" -> LedgerBench.run();
                case "consortium" -> ConsortiumBench.run();
                case "log" -> LogBench.run();
                case "growth" -> GrowthBench.run();
                case "fsck" -> FsckBench.run();
                case "fhir" -> FhirBench.run(Path.of(args[0]), Path.of(args[1]), Path.of(args[2]));
                case "peer" ->
                        PeerBench.run(
                                Path.of(args[0]),
                                Path.of(System.getProperty("hapi")),
                                Path.of(args[1]),
                                Path.of(args[2]));
                default -> throw new IllegalArgumentException("unknown part: " + part);
            }
        }
    }

    private static void machine() throws Exception {
        var figures = new Figures("machine");
        figures.add(Machine.verifications());
        figures.add(Machine.syncs());
        figures.add(Machine.sealings());
        figures.add(Machine.hashes());
        figures.write();
    }
}
