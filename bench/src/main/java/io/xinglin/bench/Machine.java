package io.xinglin.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.X509EncodedKeySpec;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutionException;
import javax.crypto.Cipher;
import javax.crypto.KeyGenerator;
import javax.crypto.spec.GCMParameterSpec;
import org.conscrypt.Conscrypt;

/// What this machine can do at most. Figures are held against one of these where it binds them, and against none otherwise.
final class Machine {
    private static final Duration TIME = Duration.ofSeconds(2);
    private static final int RECORD_BYTES = 2_000;

    private Machine() {}

    /// P-256 verifications a second by Conscrypt, on every core at once.
    static Figure verifications()
            throws GeneralSecurityException, InterruptedException, ExecutionException {
        var conscrypt = Conscrypt.newProvider();
        var generator = KeyPairGenerator.getInstance("EC", conscrypt);
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        var pair = generator.generateKeyPair();
        var message = new byte[300];
        var signer = Signature.getInstance("SHA256withECDSA", conscrypt);
        signer.initSign(pair.getPrivate());
        signer.update(message);
        var signature = signer.sign();
        var key =
                KeyFactory.getInstance("EC", conscrypt)
                        .generatePublic(new X509EncodedKeySpec(pair.getPublic().getEncoded()));
        return figure(
                "P-256 verifications, all cores",
                "verifications/s",
                100,
                Load.repeat(
                        Runtime.getRuntime().availableProcessors(),
                        TIME,
                        () -> {
                            var verifier = Signature.getInstance("SHA256withECDSA", conscrypt);
                            verifier.initVerify(key);
                            for (var i = 0; i < 100; i++) {
                                verifier.update(message);
                                if (!verifier.verify(signature)) {
                                    throw new IllegalStateException("a good signature failed");
                                }
                            }
                            return true;
                        }));
    }

    /// Durable 8 kB appends a second from one writer, where the sample data would lie.
    static Figure syncs() throws IOException, InterruptedException, ExecutionException {
        var file = Files.createTempFile("xinglin-bench", ".sync");
        try (var channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            var page = ByteBuffer.allocate(8_192);
            var results =
                    Load.repeat(
                            1,
                            TIME,
                            () -> {
                                channel.write(page.rewind());
                                channel.force(false);
                                return true;
                            });
            return figure("fsync of an 8 kB append, one writer", "fsyncs/s", 1, results);
        } finally {
            Files.delete(file);
        }
    }

    /// AES-256-GCM of a 2 kB record, on every core at once.
    static Figure sealings()
            throws GeneralSecurityException, InterruptedException, ExecutionException {
        var generator = KeyGenerator.getInstance("AES");
        generator.init(256);
        var key = generator.generateKey();
        var record = new byte[RECORD_BYTES];
        var random = new SecureRandom();
        return figure(
                "AES-256-GCM of 2 kB, all cores",
                "sealings/s",
                100,
                Load.repeat(
                        Runtime.getRuntime().availableProcessors(),
                        TIME,
                        () -> {
                            for (var i = 0; i < 100; i++) {
                                var iv = new byte[12];
                                random.nextBytes(iv);
                                var cipher = Cipher.getInstance("AES/GCM/NoPadding");
                                cipher.init(
                                        Cipher.ENCRYPT_MODE, key, new GCMParameterSpec(128, iv));
                                cipher.doFinal(record);
                            }
                            return true;
                        }));
    }

    /// RFC 6962 node hashes a second on one core.
    static Figure hashes()
            throws GeneralSecurityException, InterruptedException, ExecutionException {
        var node = new byte[65];
        var sha256 = MessageDigest.getInstance("SHA-256");
        return figure(
                "SHA-256 of a tree node, one core",
                "hashes/s",
                1_000,
                Load.repeat(
                        1,
                        TIME,
                        () -> {
                            for (var i = 0; i < 1_000; i++) {
                                sha256.digest(node);
                            }
                            return true;
                        }));
    }

    /// @param each how many of the unit one call is
    private static Figure figure(String name, String unit, int each, List<Load.Result> results) {
        var rates = Arrays.stream(Load.rates(results)).map(rate -> rate * each).toArray();
        return Figure.of(name, unit, rates);
    }
}
