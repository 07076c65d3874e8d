package io.xinglin.fabric;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import org.hyperledger.fabric.client.identity.Identities;
import org.hyperledger.fabric.client.identity.Signer;
import org.hyperledger.fabric.client.identity.Signers;
import org.hyperledger.fabric.client.identity.X509Identity;
import org.hyperledger.fabric.protos.msp.SerializedIdentity;

/// As whom a node speaks to the peers: its certificate, and the key that goes with it.
///
/// @param serialized the identity as Fabric's messages hold it
record Speaker(X509Identity identity, Signer signer, ByteString serialized) {
    /// Reads the files.
    ///
    /// @throws IOException if one is missing or is not what it should be, or they do not belong together; the message names it
    static Speaker read(FabricSettings settings) throws IOException {
        var certificate =
                read(settings.certificate(), "certificate", Identities::readX509Certificate);
        var key = read(settings.key(), "private key", Identities::readPrivateKey);
        if (!belong(certificate, key)) {
            throw new IOException(
                    settings.certificate() + " is not for the key in " + settings.key());
        }
        var identity = new X509Identity(settings.msp(), certificate);
        var serialized =
                SerializedIdentity.newBuilder()
                        .setMspid(identity.getMspId())
                        .setIdBytes(ByteString.copyFrom(identity.getCredentials()))
                        .build()
                        .toByteString();
        return new Speaker(identity, Signers.newPrivateKeySigner(key), serialized);
    }

    /// When its certificate ends.
    Instant ends() {
        return identity.getCertificate().getNotAfter().toInstant();
    }

    private static boolean belong(X509Certificate certificate, PrivateKey key) {
        try {
            var signature = Signature.getInstance("SHA256withECDSA");
            var message = "xinglin".getBytes(StandardCharsets.US_ASCII);
            signature.initSign(key);
            signature.update(message);
            var signed = signature.sign();
            signature.initVerify(certificate.getPublicKey());
            signature.update(message);
            return signature.verify(signed);
        } catch (GeneralSecurityException _) {
            return false;
        }
    }

    private interface Pem<T> {
        T read(String text) throws IOException, CertificateException, InvalidKeyException;
    }

    private static <T> T read(Path file, String what, Pem<T> pem) throws IOException {
        try {
            return pem.read(Files.readString(file));
        } catch (CertificateException | InvalidKeyException | UncheckedIOException e) {
            throw new IOException(file + " holds no " + what + " in PEM form", e);
        }
    }
}
