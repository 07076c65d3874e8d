package io.xinglin.records;

import io.xinglin.identity.Aead;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import javax.crypto.KDF;
import javax.crypto.SecretKey;
import javax.crypto.spec.HKDFParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/// The key of one compartment: one patient, one sensitivity class, one epoch. It encrypts nothing itself; each version of a
/// resource has a key derived from it, which is used once.
final class CompartmentKey {
    static final int BYTES = 32;

    private final Compartment compartment;
    private final SecretKey key;

    CompartmentKey(Compartment compartment, byte[] key) {
        if (key.length != BYTES) {
            throw new IllegalArgumentException("a compartment key is 32 bytes");
        }
        this.compartment = compartment;
        this.key = new SecretKeySpec(key, "HKDF-SHA256");
    }

    Compartment compartment() {
        return compartment;
    }

    /// The sealing of one version.
    Aead aead(VersionId version, SecureRandom random) {
        var info =
                String.join(
                        "|",
                        "xinglin/record/1",
                        version.resource().custodian().value(),
                        version.resource().type(),
                        version.resource().id(),
                        Integer.toString(version.number()));
        return Aead.of(derive(info), random);
    }

    /// The index that this key is the root of; only for the compartment that holds an owner's index key.
    BlindIndex index() {
        return new BlindIndex(derive("xinglin/index/1"));
    }

    private byte[] derive(String info) {
        try {
            return KDF.getInstance("HKDF-SHA256")
                    .deriveData(
                            HKDFParameterSpec.expandOnly(
                                    key, info.getBytes(StandardCharsets.UTF_8), BYTES));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("HKDF-SHA256 does not work here", e);
        }
    }

    @Override
    public String toString() {
        return "CompartmentKey[" + compartment + ", redacted]";
    }
}
