package io.xinglin.bench;

import io.xinglin.ledger.Ledger;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// A ledger that four members order on Hyperledger Fabric, all of them on this machine: the consents of [LedgerBench], through one node.
///
/// The network runs already and nobody has founded a ledger on it: `make bench-consortium` sees to that.
final class ConsortiumBench {
    private static final String MEMBER = "city-first-hospital";
    private static final String MSP = "CityFirstHospitalMSP";

    /// How many are in flight, and how many transactions that is measured with.
    private static final List<Step> STEPS =
            List.of(
                    new Step(1, 50),
                    new Step(16, 500),
                    new Step(64, 2_000),
                    new Step(1_000, 10_000));

    private record Step(int inFlight, int transactions) {}

    private ConsortiumBench() {}

    static void run() throws Exception {
        var figures = new Figures("consortium");
        try (var node = new EmptyNode(false, settings(Path.of(System.getProperty("consortium"))))) {
            var bench = new LedgerBench(node.get(Ledger.class));
            var patients = bench.found();
            bench.submitAll(bench.sign(patients, 2_000), 1_000);
            for (var step : STEPS) {
                var runs = new ArrayList<Load.Result>();
                for (var run = 0; run < Load.RUNS; run++) {
                    runs.add(
                            bench.submitAll(
                                    bench.sign(patients, step.transactions()), step.inFlight()));
                }
                var name = "transactions, %,d in flight".formatted(step.inFlight());
                figures.add(Figure.of(name, "transactions/s", Load.rates(runs)));
                figures.add(Figure.of(name + ", median", "ms", LedgerBench.medians(runs)));
                figures.add(Figure.of(name + ", p99", "ms", LedgerBench.p99s(runs)));
            }
        }
        figures.note(
                "4 orderers, 4 peers, 4 chaincode servers and the node share this machine; what waits goes together, up to 100 at once");
        figures.write();
    }

    private static String[] settings(Path consortium) throws IOException {
        var port = Integer.parseInt(Files.readString(consortium.resolve("port")).strip());
        var peers =
                IntStream.range(0, 4)
                        .mapToObj(i -> "127.0.0.1:" + (port + 10 * i + 1))
                        .collect(Collectors.joining(","));
        var node = consortium.resolve(MEMBER).resolve("node");
        return new String[] {
            "--xinglin.ledger=xinglin-consortium",
            "--xinglin.fabric.peers=" + peers,
            "--xinglin.fabric.tls-roots=" + consortium.resolve("tls-roots.pem"),
            "--xinglin.fabric.msp=" + MSP,
            "--xinglin.fabric.certificate=" + node.resolve("certificate.pem"),
            "--xinglin.fabric.key=" + node.resolve("key.pem")
        };
    }
}
