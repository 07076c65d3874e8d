package io.xinglin.identity;

import io.xinglin.platform.CannotStart;
import io.xinglin.platform.OwnerFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.Security;
import java.util.Base64;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import javax.crypto.spec.SecretKeySpec;

/// The key under which the node seals all others: 256 random bits in `keystore.p12` of the data directory.
///
/// Whoever has the file also needs the password, which is in `keystore.pass`, readable by the owner alone, unless the operator
/// gives it from outside; the two then lie in different places. Keeping both on one disk protects a stolen database, not a stolen disk.
final class MasterKey {
    private static final String KEYSTORE = "keystore.p12";
    private static final String PASSWORD = "keystore.pass";

    /// Of the first generation; later ones are `master-2` and so on.
    private static final String ALIAS = "master";

    static {
        // The JDK's default is 10,000; these must be set before the first PKCS#12 keystore is
        // written.
        Security.setProperty("keystore.pkcs12.keyPbeIterationCount", "600000");
        Security.setProperty("keystore.pkcs12.macIterationCount", "600000");
    }

    private final Path file;
    private final String password;
    private final SecureRandom random;
    private volatile SortedMap<Integer, byte[]> generations;

    private MasterKey(
            Path file, String password, SecureRandom random, SortedMap<Integer, byte[]> keys) {
        this.file = file;
        this.password = password;
        this.random = random;
        this.generations = keys;
    }

    /// Whether this directory has a keystore.
    static boolean isIn(Path directory) {
        return Files.exists(directory.resolve(KEYSTORE));
    }

    /// Opens the keystore of this directory, or creates it.
    ///
    /// @param password from the operator; without one it is made, and kept beside the keystore
    static MasterKey open(Path directory, Optional<String> password, SecureRandom random) {
        try {
            Files.createDirectories(directory);
            var file = directory.resolve(KEYSTORE);
            if (Files.exists(file)) {
                return load(
                        file,
                        password.or(() -> read(directory)).orElseThrow(NoPassword::new),
                        random);
            }
            var secret = password.orElseGet(() -> createPassword(directory, random));
            store(file, secret, new TreeMap<>(Map.of(1, fresh(random))));
            return load(file, secret, random);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java cannot work with PKCS#12 keystores", e);
        }
    }

    private static MasterKey load(Path file, String password, SecureRandom random)
            throws IOException, GeneralSecurityException {
        var keystore = KeyStore.getInstance("PKCS12");
        try (var in = Files.newInputStream(file)) {
            keystore.load(in, password.toCharArray());
        } catch (IOException e) {
            throw new IOException(file + " does not open: damaged, or another password", e);
        }
        var keys = new TreeMap<Integer, byte[]>();
        for (var alias : Collections.list(keystore.aliases())) {
            var key = keystore.getKey(alias, password.toCharArray());
            if (key != null) {
                keys.put(generation(alias), key.getEncoded());
            }
        }
        if (keys.isEmpty()) {
            throw new IOException(file + " holds no key named " + ALIAS);
        }
        return new MasterKey(file, password, random, keys);
    }

    private static int generation(String alias) throws IOException {
        if (alias.equals(ALIAS)) {
            return 1;
        }
        if (!alias.matches(ALIAS + "-[1-9]\\d{0,8}")) {
            throw new IOException("the keystore holds a key of another program: " + alias);
        }
        return Integer.parseInt(alias.substring(ALIAS.length() + 1));
    }

    private static byte[] fresh(SecureRandom random) {
        var bytes = new byte[32];
        random.nextBytes(bytes);
        return bytes;
    }

    private static void store(Path file, String password, SortedMap<Integer, byte[]> keys)
            throws IOException, GeneralSecurityException {
        var keystore = KeyStore.getInstance("PKCS12");
        keystore.load(null, null);
        for (var key : keys.entrySet()) {
            keystore.setEntry(
                    key.getKey() == 1 ? ALIAS : ALIAS + "-" + key.getKey(),
                    new KeyStore.SecretKeyEntry(new SecretKeySpec(key.getValue(), "AES")),
                    new KeyStore.PasswordProtection(password.toCharArray()));
        }
        var content = new ByteArrayOutputStream();
        keystore.store(content, password.toCharArray());
        OwnerFile.write(file, content.toByteArray());
    }

    /// Which key is sealed with now.
    int generation() {
        return generations.lastKey();
    }

    /// Whether there are keys of before.
    boolean isRotating() {
        return generations.size() > 1;
    }

    /// Adds a new key; what is sealed from now on is sealed under that. Those of before still open.
    synchronized void rotate() {
        var next = new TreeMap<>(generations);
        next.put(generation() + 1, fresh(random));
        replace(next);
    }

    /// Destroys the keys of before. What is still sealed under them is lost.
    synchronized void forgetOld() {
        replace(new TreeMap<>(generations.tailMap(generation())));
    }

    private void replace(SortedMap<Integer, byte[]> keys) {
        try {
            store(file, password, keys);
            generations = keys;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java cannot work with PKCS#12 keystores", e);
        }
    }

    private static Optional<String> read(Path directory) {
        var file = directory.resolve(PASSWORD);
        try {
            return Files.exists(file)
                    ? Optional.of(Files.readString(file).strip())
                    : Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String createPassword(Path directory, SecureRandom random) {
        var bytes = new byte[32];
        random.nextBytes(bytes);
        var password = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        try {
            // One without a keystore is what a crash between the two leaves: nothing was sealed
            // yet.
            OwnerFile.write(
                    directory.resolve(PASSWORD), password.getBytes(StandardCharsets.US_ASCII));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return password;
    }

    /// Sealing under the newest key.
    Aead aead() {
        return aead(generation());
    }

    /// Sealing under the key of a generation.
    ///
    /// @throws Aead.Tampered if there is none any more
    Aead aead(int generation) {
        var key = generations.get(generation);
        if (key == null) {
            throw new Aead.Tampered();
        }
        return Aead.of(key, random);
    }

    @Override
    public String toString() {
        return "MasterKey[redacted]";
    }

    /// The keystore is there and its password is not.
    static final class NoPassword extends CannotStart {
        private static final long serialVersionUID = 1;

        NoPassword() {
            super(
                    "the node's keystore needs its password: set XINGLIN_KEYSTORE_PASSWORD or put back keystore.pass");
        }
    }
}
