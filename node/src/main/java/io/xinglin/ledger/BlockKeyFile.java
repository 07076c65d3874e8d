package io.xinglin.ledger;

import io.xinglin.contracts.JcaSignatureVerifier;
import io.xinglin.contracts.PublicJwk;
import io.xinglin.platform.OwnerFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;

/// The Ed25519 key that signs blocks, in a file of two PEM parts, PKCS#8 and the public key, readable by its owner alone.
final class BlockKeyFile implements BlockSigner {
    private static final String ALGORITHM = "Ed25519";
    private static final String PRIVATE = "PRIVATE KEY";
    private static final String PUBLIC = "PUBLIC KEY";
    private static final int KEY_LENGTH = 32;

    private final PrivateKey privateKey;
    private final PublicJwk publicJwk;

    private BlockKeyFile(KeyPair keys) {
        this.privateKey = keys.getPrivate();
        var encoded = keys.getPublic().getEncoded();
        var raw = Arrays.copyOfRange(encoded, encoded.length - KEY_LENGTH, encoded.length);
        this.publicJwk =
                new PublicJwk.Ed25519(Base64.getUrlEncoder().withoutPadding().encodeToString(raw));
    }

    /// Makes a key and the file for it.
    static BlockKeyFile create(Path file) {
        try {
            var keys =
                    KeyPairGenerator.getInstance(ALGORITHM, Cryptography.PROVIDER)
                            .generateKeyPair();
            write(file, keys);
            return new BlockKeyFile(keys);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("no Ed25519 key can be made", e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Reads the key of a file.
    static BlockKeyFile read(Path file) {
        try {
            var text = Files.readString(file);
            var factory = KeyFactory.getInstance(ALGORITHM, Cryptography.PROVIDER);
            var privateKey = factory.generatePrivate(new PKCS8EncodedKeySpec(part(text, PRIVATE)));
            var publicKey = factory.generatePublic(new X509EncodedKeySpec(part(text, PUBLIC)));
            var signer = new BlockKeyFile(new KeyPair(publicKey, privateKey));
            signer.requirePair(publicKey);
            return signer;
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new LedgerCorrupted("the block key in " + file + " cannot be read", e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public PublicJwk publicKey() {
        return publicJwk;
    }

    @Override
    public byte[] sign(byte[] message) {
        try {
            var signature = Signature.getInstance(ALGORITHM, Cryptography.PROVIDER);
            signature.initSign(privateKey);
            signature.update(message);
            return signature.sign();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a block cannot be signed", e);
        }
    }

    @Override
    public String toString() {
        return "BlockKeyFile[" + publicJwk.keyId() + "]";
    }

    private void requirePair(PublicKey publicKey) {
        var probe = new byte[KEY_LENGTH];
        var verifier = new JcaSignatureVerifier(Cryptography.PROVIDER);
        if (!verifier.verify(publicKey, probe, sign(probe))) {
            throw new IllegalArgumentException("its two halves do not belong together");
        }
    }

    private static void write(Path file, KeyPair keys) throws IOException {
        var parts =
                pem(PRIVATE, keys.getPrivate().getEncoded())
                        + pem(PUBLIC, keys.getPublic().getEncoded());
        OwnerFile.write(file, parts.getBytes(StandardCharsets.US_ASCII));
    }

    private static String pem(String title, byte[] bytes) {
        return "-----BEGIN "
                + title
                + "-----\n"
                + Base64.getEncoder().encodeToString(bytes)
                + "\n-----END "
                + title
                + "-----\n";
    }

    private static byte[] part(String text, String title) {
        var begin = "-----BEGIN " + title + "-----\n";
        var from = text.indexOf(begin);
        var to = text.indexOf("\n-----END " + title + "-----");
        if (from < 0 || to < from) {
            throw new IllegalArgumentException("no " + title);
        }
        return Base64.getDecoder().decode(text.substring(from + begin.length(), to));
    }
}
