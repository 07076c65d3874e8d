package io.xinglin.bench;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import io.xinglin.contracts.Command;
import io.xinglin.contracts.ConsentCommand;
import io.xinglin.contracts.KeyKind;
import io.xinglin.contracts.KeysCommand;
import io.xinglin.contracts.Member;
import io.xinglin.contracts.MemberId;
import io.xinglin.contracts.MemberLog;
import io.xinglin.contracts.MemberName;
import io.xinglin.contracts.MemberRole;
import io.xinglin.contracts.MembershipCommand;
import io.xinglin.contracts.PublicJwk;
import io.xinglin.contracts.SignedTransaction;
import io.xinglin.contracts.Voucher;
import io.xinglin.ledger.Ledger;
import io.xinglin.ledger.TransactionOutcome;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.conscrypt.Conscrypt;

/// The embedded ledger: signed consents of many patients, each verified, run by the contract and durable.
///
/// Signing is done before the clock starts: it is the patients' work, not the ledger's.
final class LedgerBench {
    private static final int PATIENTS = 64;
    private static final int TRANSACTIONS = 20_000;
    private static final int WARM_UP = 5_000;
    private static final int ONE_BY_ONE = 500;
    private static final List<Integer> IN_FLIGHT = List.of(256, 4_000);
    private static final MemberId MEMBER = new MemberId("bench-hospital");

    private final SecureRandom random = new SecureRandom();
    private final Ledger ledger;

    LedgerBench(Ledger ledger) {
        this.ledger = ledger;
    }

    static void run() throws Exception {
        var figures = new Figures("ledger");
        try (var node = new EmptyNode(false)) {
            new LedgerBench(node.get(Ledger.class)).measure(figures);
        }
        figures.write();
    }

    /// Founds a ledger that nobody has founded yet and commits so many consents on it.
    static void fill(Ledger ledger, int count) throws Exception {
        var bench = new LedgerBench(ledger);
        var patients = bench.found();
        for (var left = count; left > 0; left -= TRANSACTIONS) {
            bench.submitAll(
                    bench.sign(patients, Math.min(left, TRANSACTIONS)), IN_FLIGHT.getLast());
        }
    }

    private void measure(Figures figures) throws Exception {
        var verifications = figures.add(Machine.verifications());
        var syncs = figures.add(Machine.syncs());
        var patients = found();

        submitAll(sign(patients, WARM_UP), IN_FLIGHT.getLast());
        submitOneByOne(sign(patients, ONE_BY_ONE));
        figures.add(
                Figure.of(
                                "transactions, 1 in flight",
                                "transactions/s",
                                Load.repeat(() -> submitOneByOne(sign(patients, ONE_BY_ONE))))
                        .within(syncs));
        for (var inFlight : IN_FLIGHT) {
            var runs = new ArrayList<Load.Result>();
            for (var run = 0; run < Load.RUNS; run++) {
                runs.add(submitAll(sign(patients, TRANSACTIONS), inFlight));
            }
            var name = "transactions, %,d in flight".formatted(inFlight);
            figures.add(Figure.of(name, "transactions/s", Load.rates(runs)).within(verifications));
            figures.add(Figure.of(name + ", median", "ms", medians(runs)));
            figures.add(Figure.of(name + ", p99", "ms", p99s(runs)));
        }
        figures.add(
                Figure.of(
                        "size of a signed consent",
                        "bytes",
                        sign(patients, 1).getFirst().jws().length()));
        figures.note(
                "with few in flight each waits for its block's fsync; with many, cores are shared by verification, contracts and PostgreSQL");
    }

    private double submitOneByOne(List<SignedTransaction> transactions) {
        var begun = System.nanoTime();
        for (var transaction : transactions) {
            requireCommitted(ledger.submit(transaction));
        }
        return transactions.size() / ((System.nanoTime() - begun) / 1e9);
    }

    static double[] medians(List<Load.Result> runs) {
        return runs.stream().mapToDouble(Load.Result::millisMedian).toArray();
    }

    static double[] p99s(List<Load.Result> runs) {
        return runs.stream().mapToDouble(Load.Result::millis99).toArray();
    }

    Load.Result submitAll(List<SignedTransaction> transactions, int inFlight)
            throws InterruptedException {
        var next = new AtomicInteger();
        var nanos = new long[transactions.size()];
        var window = new Semaphore(inFlight);
        var done = new CountDownLatch(transactions.size());
        var refused = new LongAdder();
        var begun = System.nanoTime();
        try (var submitters =
                Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors())) {
            for (var i = 0; i < Runtime.getRuntime().availableProcessors(); i++) {
                submitters.execute(
                        () -> {
                            for (var n = next.getAndIncrement();
                                    n < transactions.size();
                                    n = next.getAndIncrement()) {
                                window.acquireUninterruptibly();
                                var at = n;
                                var submitted = System.nanoTime();
                                var unused =
                                        ledger.submitAsync(transactions.get(n))
                                                .whenComplete(
                                                        (outcome, failure) -> {
                                                            nanos[at] =
                                                                    System.nanoTime() - submitted;
                                                            if (!(outcome
                                                                    instanceof
                                                                    TransactionOutcome.Committed)) {
                                                                refused.increment();
                                                            }
                                                            window.release();
                                                            done.countDown();
                                                        });
                            }
                        });
            }
        }
        done.await();
        var seconds = (System.nanoTime() - begun) / 1e9;
        if (refused.sum() > 0) {
            throw new IllegalStateException(refused.sum() + " transactions were refused");
        }
        return Load.result(transactions.size() / seconds, nanos);
    }

    List<ECKey> found() throws JOSEException {
        var operator = key();
        var hospital = key();
        var admitted = new TreeMap<>(Map.of(MEMBER, publicKey(hospital).keyId()));
        submit(operator, new MembershipCommand.Found(publicKey(operator), admitted));
        var url = "http://localhost/log/" + MEMBER;
        var member =
                Member.of(
                        MEMBER,
                        new MemberName("测试医院", "Bench Hospital"),
                        List.of(MemberRole.HOSPITAL),
                        "http://localhost/fhir/" + MEMBER,
                        new MemberLog(
                                "localhost/log/" + MEMBER,
                                url,
                                "localhost/log/" + MEMBER + "+00000000+" + vkeyBytes()));
        submit(hospital, new MembershipCommand.Join(publicKey(hospital), member));
        var patients = new ArrayList<ECKey>();
        for (var i = 0; i < PATIENTS; i++) {
            var patient = key();
            var voucher =
                    new Voucher(ledger.name(), publicKey(patient).keyId(), MEMBER, KeyKind.PATIENT)
                            .sign(publicKey(hospital).keyId(), new ECDSASigner(hospital));
            submit(patient, new KeysCommand.Register(publicKey(patient), voucher));
            patients.add(patient);
        }
        return patients;
    }

    private static String vkeyBytes() {
        var bytes = new byte[33];
        bytes[0] = 1;
        return Base64.getEncoder().encodeToString(bytes);
    }

    List<SignedTransaction> sign(List<ECKey> patients, int count) throws JOSEException {
        var signed = new ArrayList<SignedTransaction>(count);
        var until = Instant.now().plus(Duration.ofDays(7));
        var commitment = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes(32));
        for (var i = 0; i < count; i++) {
            var grant = new ConsentCommand.Grant(UUID.randomUUID(), MEMBER, commitment, until);
            signed.add(signed(patients.get(i % patients.size()), grant));
        }
        return signed;
    }

    private void submit(ECKey key, Command command) throws JOSEException {
        requireCommitted(ledger.submit(signed(key, command)));
    }

    private SignedTransaction signed(ECKey key, Command command) throws JOSEException {
        var signer = new ECDSASigner(key);
        signer.getJCAContext().setProvider(Conscrypt.newProvider());
        return SignedTransaction.sign(
                ledger.name(),
                command,
                publicKey(key).keyId(),
                signer,
                bytes(16),
                Instant.now().plus(Duration.ofMinutes(30)));
    }

    private static void requireCommitted(TransactionOutcome outcome) {
        if (!(outcome instanceof TransactionOutcome.Committed)) {
            throw new IllegalStateException("refused: " + outcome);
        }
    }

    private byte[] bytes(int length) {
        var bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    private static ECKey key() throws JOSEException {
        return new ECKeyGenerator(Curve.P_256).generate();
    }

    private static PublicJwk publicKey(ECKey key) {
        return PublicJwk.of(key);
    }
}
