package io.xinglin.fabric.chaincode;

import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.hyperledger.fabric.shim.ChaincodeServerProperties;

/// The command line.
///
/// @param packageId the package id that the peer computed when the chaincode was installed
/// @param address where to listen
/// @param tls how to know the peer, if not by the machine it shares
record ServerOptions(String packageId, InetSocketAddress address, Optional<Tls> tls) {
    static final String USAGE =
            "Usage: PACKAGE_ID HOST:PORT"
                    + " [--tls-key FILE --tls-cert FILE --tls-client-ca FILE]";

    private static final Pattern ADDRESS =
            Pattern.compile("(?:\\[([0-9a-fA-F:.]+)]|([^:\\s]+)):([0-9]{1,5})");
    private static final List<String> TLS = List.of("--tls-key", "--tls-cert", "--tls-client-ca");

    /// Both sides show a certificate.
    ///
    /// @param key PKCS #8, in PEM
    /// @param certificate the chain of this side, in PEM
    /// @param clientCa who vouches for the peer, in PEM
    record Tls(Path key, Path certificate, Path clientCa) {}

    /// A command line that is not understood: the message is for the person who typed it.
    static final class BadOptions extends Exception {
        private static final long serialVersionUID = 1;

        BadOptions(String message) {
            super(message);
        }
    }

    static ServerOptions parse(String... arguments) throws BadOptions {
        if (arguments.length < 2 || arguments[0].isBlank()) {
            throw new BadOptions(USAGE);
        }
        var rest = Arrays.copyOfRange(arguments, 2, arguments.length);
        return new ServerOptions(arguments[0], address(arguments[1]), tls(rest));
    }

    /// The same, in the shim's words.
    ChaincodeServerProperties properties() {
        var properties = new ChaincodeServerProperties();
        properties.setServerAddress(address);
        // A peer keeps one stream for as long as it runs; by default it would be told every 5 s to
        // make a new connection.
        properties.setMaxConnectionAgeSeconds(Integer.MAX_VALUE);
        tls.ifPresent(
                files -> {
                    properties.setTlsEnabled(true);
                    properties.setKeyFile(files.key().toString());
                    properties.setKeyCertChainFile(files.certificate().toString());
                    properties.setTrustCertCollectionFile(files.clientCa().toString());
                });
        return properties;
    }

    private static InetSocketAddress address(String text) throws BadOptions {
        var parts = ADDRESS.matcher(text);
        if (!parts.matches() || Integer.parseInt(parts.group(3)) > 65_535) {
            throw new BadOptions("'" + text + "' is not HOST:PORT.");
        }
        var host = Optional.ofNullable(parts.group(1)).orElseGet(() -> parts.group(2));
        var address = new InetSocketAddress(host, Integer.parseInt(parts.group(3)));
        if (address.isUnresolved()) {
            throw new BadOptions("There is no host '" + host + "'.");
        }
        return address;
    }

    private static Optional<Tls> tls(String... arguments) throws BadOptions {
        if (arguments.length == 0) {
            return Optional.empty();
        }
        var files = new TreeMap<String, Path>();
        for (var i = 0; i + 1 < arguments.length; i += 2) {
            files.put(arguments[i], Path.of(arguments[i + 1]));
        }
        if (arguments.length != 6 || !files.keySet().containsAll(TLS)) {
            throw new BadOptions(USAGE);
        }
        return Optional.of(
                new Tls(
                        readable(files, "--tls-key"),
                        readable(files, "--tls-cert"),
                        readable(files, "--tls-client-ca")));
    }

    private static Path readable(Map<String, Path> files, String option) throws BadOptions {
        var file = Optional.ofNullable(files.get(option)).orElseThrow();
        if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
            throw new BadOptions("The file of " + option + ", " + file + ", cannot be read.");
        }
        return file;
    }
}
