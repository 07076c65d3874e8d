package io.xinglin.fabric.chaincode;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.ChannelCredentials;
import io.grpc.TlsChannelCredentials;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/// A CA with a chaincode and a peer, and a stranger who signed for himself, made by the JDK's keytool.
final class Certificates {
    private static final String PASSWORD = "not-secret";

    private final Path directory;

    Certificates(Path directory) throws IOException, GeneralSecurityException {
        this.directory = directory;
        var store = directory.resolve("store.p12");
        make(store, "ca", "-ext", "bc:c");
        make(store, "chaincode", "-signer", "ca", "-ext", "san=ip:127.0.0.1");
        make(store, "peer", "-signer", "ca");
        make(store, "stranger", "-ext", "san=ip:127.0.0.1");
        var keys = KeyStore.getInstance(store.toFile(), PASSWORD.toCharArray());
        for (var name : List.of("ca", "chaincode", "peer", "stranger")) {
            write(
                    file(name + ".key"),
                    "PRIVATE KEY",
                    keys.getKey(name, PASSWORD.toCharArray()).getEncoded());
            write(file(name + ".crt"), "CERTIFICATE", keys.getCertificate(name).getEncoded());
        }
    }

    Path file(String name) {
        return directory.resolve(name);
    }

    /// The options of a chaincode that answers none but the peer.
    String[] options() {
        return new String[] {
            "--tls-key", file("chaincode.key").toString(),
            "--tls-cert", file("chaincode.crt").toString(),
            "--tls-client-ca", file("ca.crt").toString()
        };
    }

    /// Somebody who dials, believing in this authority.
    ChannelCredentials dialling(Optional<String> as, String authority) throws IOException {
        var credentials =
                TlsChannelCredentials.newBuilder().trustManager(file(authority + ".crt").toFile());
        if (as.isPresent()) {
            credentials.keyManager(
                    file(as.get() + ".crt").toFile(), file(as.get() + ".key").toFile());
        }
        return credentials.build();
    }

    private static void make(Path store, String name, String... more) throws IOException {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        command.addAll(List.of("-genkeypair", "-alias", name, "-dname", "CN=" + name));
        command.addAll(List.of("-keyalg", "EC", "-groupname", "secp256r1", "-validity", "2"));
        command.addAll(List.of("-keystore", store.toString(), "-storepass", PASSWORD));
        command.addAll(List.of(more));
        var process = new ProcessBuilder(command).redirectErrorStream(true).start();
        var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.onExit().join().exitValue()).as(output).isZero();
    }

    private static void write(Path file, String type, byte[] der) throws IOException {
        var base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
        Files.writeString(
                file, "-----BEGIN " + type + "-----\n" + base64 + "\n-----END " + type + "-----\n");
    }
}
