package io.xinglin.fabric.chaincode;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.hyperledger.fabric.metrics.Metrics;
import org.hyperledger.fabric.shim.NettyGrpcServer;
import org.hyperledger.fabric.traces.Traces;

/// The chaincode of one peer as a program: it listens, the peer dials.
///
/// ```
/// java -jar chaincode-exec.jar PACKAGE_ID HOST:PORT [--tls-key FILE --tls-cert FILE --tls-client-ca FILE]
/// ```
///
/// With the three files only a peer with a certificate by that CA is answered. Without them whoever reaches the port is, so it
/// should be on the peer's own machine.
public final class ChaincodeServer implements AutoCloseable {
    /// Below WARNING the shim logs arguments. A field, since loggers that nobody holds forget their level.
    private static final Logger SHIM = Logger.getLogger("org.hyperledger");

    private final NettyGrpcServer server;

    private ChaincodeServer(NettyGrpcServer server) {
        this.server = server;
    }

    /// Runs until it is stopped.
    ///
    /// Exit code 1: it could not listen; 2: the command line was not understood, or names files that cannot be used.
    public static void main(String[] arguments) throws InterruptedException {
        var out = utf8(FileDescriptor.out);
        try {
            var options = ServerOptions.parse(arguments);
            try (var server = start(options, InstantSource.system())) {
                out.println(
                        "The chaincode "
                                + options.packageId()
                                + " listens at "
                                + arguments[1]
                                + (options.tls().isPresent() ? " with TLS." : " without TLS."));
                server.server.blockUntilShutdown();
            }
        } catch (ServerOptions.BadOptions e) {
            end(2, reason(e));
        } catch (IOException e) {
            end(1, "It cannot listen at " + arguments[1] + ": " + reason(e) + ".");
        }
    }

    /// Listens.
    static ChaincodeServer start(ServerOptions options, InstantSource clock)
            throws IOException, ServerOptions.BadOptions {
        SHIM.setLevel(Level.WARNING);
        var chaincode = new ContractChaincode(options.packageId(), clock);
        // Without these two the shim would listen and never say a word.
        Metrics.initialize(chaincode.getChaincodeConfig());
        Traces.initialize(chaincode.getChaincodeConfig());
        var server = new ChaincodeServer(server(chaincode, options));
        server.server.start();
        return server;
    }

    @Override
    public void close() {
        server.stop();
    }

    private static NettyGrpcServer server(ContractChaincode chaincode, ServerOptions options)
            throws ServerOptions.BadOptions {
        try {
            return new NettyGrpcServer(chaincode, options.properties());
        } catch (IOException | IllegalArgumentException e) {
            throw new ServerOptions.BadOptions("The TLS files cannot be used: " + reason(e) + ".");
        }
    }

    private static String reason(Exception e) {
        Throwable cause = e;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return String.valueOf(cause.getMessage()).lines().findFirst().orElse("no reason given");
    }

    private static void end(int code, String sentence) {
        utf8(FileDescriptor.err).println(sentence);
        // At once: at an orderly end the shim has something to say as well.
        Runtime.getRuntime().halt(code);
    }

    private static PrintStream utf8(FileDescriptor descriptor) {
        return new PrintStream(new FileOutputStream(descriptor), true, StandardCharsets.UTF_8);
    }
}
