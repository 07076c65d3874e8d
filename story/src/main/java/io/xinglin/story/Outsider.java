package io.xinglin.story;

import dev.sigstore.merkle.InclusionProofVerificationException;
import dev.sigstore.merkle.InclusionProofVerifier;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Somebody who trusts none of our code: reads receipts and transactions as their specifications say, checks signatures with the
/// JDK and the place in the tree with Sigstore's verifier.
///
/// @spec https://c2sp.org/tlog-proof tlog-proof
/// @spec https://c2sp.org/signed-note signed-note
/// @spec https://www.rfc-editor.org/rfc/rfc7515 RFC 7515, JSON Web Signature
/// @spec https://www.rfc-editor.org/rfc/rfc7638 RFC 7638, thumbprints
final class Outsider {
    private Outsider() {}

    /// What a receipt proves.
    ///
    /// @param statement the JSON statement that the log's entry commits to
    record Proven(long index, long size, String statement) {}

    /// Checks the receipt against the log's public key.
    ///
    /// @throws GeneralSecurityException if it does not hold
    static Proven verifyReceipt(String receipt, String vkey) throws GeneralSecurityException {
        var parts = receipt.split("\n\n", 2);
        var head = parts[0].lines().toList();
        require(head.getFirst().equals("c2sp.org/tlog-proof@v1"), "not a tlog-proof");
        var extra = JSON.readTree(decode(after(head.get(1), "extra ")));
        var index = Long.parseLong(after(head.get(2), "index "));
        List<byte[]> path = new ArrayList<>();
        head.subList(3, head.size()).forEach(line -> path.add(decode(line)));

        var checkpoint = parts[1];
        checkSignature(checkpoint, vkey);
        var lines = checkpoint.lines().toList();
        var size = Long.parseLong(lines.get(1));

        var statement = extra.get("statement").asString();
        var leaf = leaf(decode(extra.get("salt").asString()), statement);
        try {
            InclusionProofVerifier.verify(leafHash(leaf), index, size, path, decode(lines.get(2)));
        } catch (InclusionProofVerificationException e) {
            throw new GeneralSecurityException(e);
        }
        return new Proven(index, size, statement);
    }

    /// What a compact JWS says, once it is seen to be signed with this P-256 key and to name it.
    ///
    /// @throws GeneralSecurityException if it is not
    static JsonNode verify(String jws, JsonNode key) throws GeneralSecurityException {
        var parts = jws.split("\\.", -1);
        require(parts.length == 3, "not a compact JWS");
        var header = JSON.readTree(decodeUrl(parts[0]));
        require(header.get("alg").asString().equals("ES256"), "not signed with ES256");
        require(header.get("kid").asString().equals(keyId(key)), "it names another key");
        var es256 = Signature.getInstance("SHA256withECDSAinP1363Format");
        es256.initVerify(p256(key));
        es256.update((parts[0] + "." + parts[1]).getBytes(StandardCharsets.US_ASCII));
        require(es256.verify(decodeUrl(parts[2])), "its signature is wrong");
        return unverified(jws);
    }

    /// What a compact JWS says, whoever signed it.
    static JsonNode unverified(String jws) {
        return JSON.readTree(decodeUrl(jws.split("\\.", -1)[1]));
    }

    /// The thumbprint of a P-256 key.
    static String keyId(JsonNode key) throws GeneralSecurityException {
        var members =
                "{\"crv\":\"P-256\",\"kty\":\"EC\",\"x\":\"%s\",\"y\":\"%s\"}"
                        .formatted(key.get("x").asString(), key.get("y").asString());
        var digest =
                MessageDigest.getInstance("SHA-256")
                        .digest(members.getBytes(StandardCharsets.US_ASCII));
        return Base64.getUrlEncoder().withoutPadding().encodeToString(digest);
    }

    /// The SHA-256 of a file, in base64.
    static String sha256(Path file) throws GeneralSecurityException, IOException {
        return Base64.getEncoder()
                .encodeToString(
                        MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
    }

    private static PublicKey p256(JsonNode key) throws GeneralSecurityException {
        var curve = AlgorithmParameters.getInstance("EC");
        curve.init(new ECGenParameterSpec("secp256r1"));
        var point = new ECPoint(coordinate(key, "x"), coordinate(key, "y"));
        return KeyFactory.getInstance("EC")
                .generatePublic(
                        new ECPublicKeySpec(point, curve.getParameterSpec(ECParameterSpec.class)));
    }

    private static BigInteger coordinate(JsonNode key, String name) {
        return new BigInteger(1, decodeUrl(key.get(name).asString()));
    }

    private static byte[] decodeUrl(String base64url) {
        return Base64.getUrlDecoder().decode(base64url);
    }

    private static final JsonMapper JSON = new JsonMapper();

    private static byte[] leaf(byte[] salt, String statement) throws GeneralSecurityException {
        var hmac = Mac.getInstance("HmacSHA256");
        hmac.init(new SecretKeySpec(salt, "HmacSHA256"));
        var commitment = hmac.doFinal(statement.getBytes(StandardCharsets.UTF_8));
        var kind = JSON.readTree(statement).get("kind").asString();
        return ("xinglin-entry/v1 " + kind + " " + Base64.getEncoder().encodeToString(commitment))
                .getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] leafHash(byte[] leaf) throws GeneralSecurityException {
        var sha256 = MessageDigest.getInstance("SHA-256");
        sha256.update((byte) 0);
        return sha256.digest(leaf);
    }

    private static void checkSignature(String note, String vkey) throws GeneralSecurityException {
        var key = vkey.split("\\+", 3);
        var encoded = decode(key[2]);
        require(encoded[0] == 1, "not an Ed25519 key");
        var split = note.indexOf("\n\n");
        var text = note.substring(0, split + 1).getBytes(StandardCharsets.UTF_8);
        for (var line : note.substring(split + 2).lines().toList()) {
            var prefix = "— " + key[0] + " ";
            if (line.startsWith(prefix)) {
                var signature = decode(line.substring(prefix.length()));
                var keyId = HexFormat.of().formatHex(signature, 0, 4);
                if (keyId.equals(key[1])) {
                    var ed25519 = Signature.getInstance("Ed25519");
                    ed25519.initVerify(publicKey(Arrays.copyOfRange(encoded, 1, encoded.length)));
                    ed25519.update(text);
                    require(
                            ed25519.verify(Arrays.copyOfRange(signature, 4, signature.length)),
                            "the checkpoint's signature is wrong");
                    return;
                }
            }
        }
        throw new GeneralSecurityException("the checkpoint is not signed by this log");
    }

    private static PublicKey publicKey(byte[] raw) throws GeneralSecurityException {
        var der = new ByteArrayOutputStream();
        der.writeBytes(HexFormat.of().parseHex("302a300506032b6570032100"));
        der.writeBytes(raw);
        return KeyFactory.getInstance("Ed25519")
                .generatePublic(new X509EncodedKeySpec(der.toByteArray()));
    }

    private static String after(String line, String prefix) throws GeneralSecurityException {
        require(line.startsWith(prefix), "a line does not begin with " + prefix);
        return line.substring(prefix.length());
    }

    private static byte[] decode(String base64) {
        return Base64.getDecoder().decode(base64);
    }

    private static void require(boolean holds, String otherwise) throws GeneralSecurityException {
        if (!holds) {
            throw new GeneralSecurityException(otherwise);
        }
    }
}
