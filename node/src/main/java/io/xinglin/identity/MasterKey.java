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
import java.util.Optional;
import javax.crypto.spec.SecretKeySpec;

/// The key under which the node seals all others: 256 random bits in `keystore.p12` of the data directory.
///
/// Whoever has the file also needs the password, which is in `keystore.pass`, readable by the owner alone, unless the operator
/// gives it from outside; the two then lie in different places. Keeping both on one disk protects a stolen database, not a stolen disk.
final class MasterKey {
    private static final String KEYSTORE = "keystore.p12";
    private static final String PASSWORD = "keystore.pass";
    private static final String ALIAS = "master";

    static {
        // The JDK's default is 10,000; these must be set before the first PKCS#12 keystore is
        // written.
        Security.setProperty("keystore.pkcs12.keyPbeIterationCount", "600000");
        Security.setProperty("keystore.pkcs12.macIterationCount", "600000");
    }

    private final byte[] bytes;

    private MasterKey(byte[] bytes) {
        this.bytes = bytes;
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
                return load(file, password.or(() -> read(directory)).orElseThrow(NoPassword::new));
            }
            var secret = password.orElseGet(() -> createPassword(directory, random));
            create(file, secret, random);
            return load(file, secret);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java cannot work with PKCS#12 keystores", e);
        }
    }

    private static MasterKey load(Path file, String password)
            throws IOException, GeneralSecurityException {
        var keystore = KeyStore.getInstance("PKCS12");
        try (var in = Files.newInputStream(file)) {
            keystore.load(in, password.toCharArray());
        } catch (IOException e) {
            throw new IOException(file + " does not open: damaged, or another password", e);
        }
        var key = keystore.getKey(ALIAS, password.toCharArray());
        if (key == null) {
            throw new IOException(file + " holds no key named " + ALIAS);
        }
        return new MasterKey(key.getEncoded());
    }

    private static void create(Path file, String password, SecureRandom random)
            throws IOException, GeneralSecurityException {
        var bytes = new byte[32];
        random.nextBytes(bytes);
        var keystore = KeyStore.getInstance("PKCS12");
        keystore.load(null, null);
        keystore.setEntry(
                ALIAS,
                new KeyStore.SecretKeyEntry(new SecretKeySpec(bytes, "AES")),
                new KeyStore.PasswordProtection(password.toCharArray()));
        var content = new ByteArrayOutputStream();
        keystore.store(content, password.toCharArray());
        OwnerFile.write(file, content.toByteArray());
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

    /// Sealing under this key.
    Aead aead(SecureRandom random) {
        return Aead.of(bytes, random);
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
