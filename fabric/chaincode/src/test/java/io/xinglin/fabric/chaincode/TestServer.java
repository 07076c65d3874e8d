package io.xinglin.fabric.chaincode;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.InstantSource;

/// The real server, on a free port of this machine.
final class TestServer {
    static final String PACKAGE_ID = "xinglin_1:0123456789abcdef";

    private TestServer() {}

    static InetSocketAddress freeAddress() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return new InetSocketAddress(InetAddress.getLoopbackAddress(), socket.getLocalPort());
        }
    }

    static ChaincodeServer start(InetSocketAddress address, InstantSource clock, String... tls)
            throws IOException, ServerOptions.BadOptions {
        var arguments = new String[2 + tls.length];
        arguments[0] = PACKAGE_ID;
        arguments[1] = "127.0.0.1:" + address.getPort();
        System.arraycopy(tls, 0, arguments, 2, tls.length);
        return ChaincodeServer.start(ServerOptions.parse(arguments), clock);
    }
}
