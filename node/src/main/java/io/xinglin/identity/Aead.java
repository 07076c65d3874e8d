package io.xinglin.identity;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/// Authenticated encryption of small things under one key: AES-256-GCM with a random IV.
///
/// Whoever has no key learns the length and nothing else, and cannot change, swap or move what was sealed without
/// [#open] failing, as long as the associated data says where it belongs. It does not hide that two rows were swapped back in
/// time, and one key may seal at most 2³² times.
///
/// @spec https://csrc.nist.gov/pubs/sp/800/38/d/final NIST SP 800-38D
public final class Aead {
    private static final int IV_BYTES = 12;
    private static final int TAG_BITS = 128;

    private final SecretKeySpec key;
    private final RandomGenerator random;

    private Aead(SecretKeySpec key, RandomGenerator random) {
        this.key = key;
        this.random = random;
    }

    /// Sealing under these 32 bytes.
    public static Aead of(byte[] key, RandomGenerator random) {
        if (key.length != 32) {
            throw new IllegalArgumentException("an AES-256 key is 32 bytes");
        }
        return new Aead(new SecretKeySpec(key, "AES"), random);
    }

    /// Seals: IV, ciphertext, tag.
    ///
    /// @param associatedData what the plaintext belongs to, such as its table, owner and id; bound, not hidden
    public byte[] seal(byte[] plaintext, byte[]... associatedData) {
        var iv = new byte[IV_BYTES];
        random.nextBytes(iv);
        try {
            var cipher = cipher(Cipher.ENCRYPT_MODE, iv, associatedData);
            var sealed = Arrays.copyOf(iv, IV_BYTES + cipher.getOutputSize(plaintext.length));
            cipher.doFinal(plaintext, 0, plaintext.length, sealed, IV_BYTES);
            return sealed;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES-GCM does not work here", e);
        }
    }

    /// Opens what [#seal] made.
    ///
    /// @throws Tampered if it was changed, belongs elsewhere or was sealed under another key
    public byte[] open(byte[] sealed, byte[]... associatedData) {
        if (sealed.length < IV_BYTES + TAG_BITS / 8) {
            throw new Tampered();
        }
        try {
            var cipher =
                    cipher(Cipher.DECRYPT_MODE, Arrays.copyOf(sealed, IV_BYTES), associatedData);
            return cipher.doFinal(sealed, IV_BYTES, sealed.length - IV_BYTES);
        } catch (GeneralSecurityException e) {
            throw new Tampered();
        }
    }

    private Cipher cipher(int mode, byte[] iv, byte[][] associatedData)
            throws GeneralSecurityException {
        var cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, iv));
        cipher.updateAAD(lengthPrefixed(associatedData));
        return cipher;
    }

    private static byte[] lengthPrefixed(byte[][] parts) {
        var bytes = ByteBuffer.allocate(Arrays.stream(parts).mapToInt(p -> p.length + 4).sum());
        for (var part : parts) {
            bytes.putInt(part.length).put(part);
        }
        return bytes.array();
    }

    @Override
    public String toString() {
        return "Aead[redacted]";
    }

    /// Something sealed does not open: changed behind the node's back, or not what it is said to be.
    public static final class Tampered extends RuntimeException {
        private static final long serialVersionUID = 1;

        Tampered() {
            super("sealed data does not open under its key and place");
        }
    }
}
