package io.xinglin.bench;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

/// One end of a cable into a network namespace: carries connections between TCP on loopback and sockets in the file system, which
/// both sides see. Whoever stops the process cuts the cable.
public final class Cable {
    private Cable() {}

    /// Carries until it is ended.
    ///
    /// Each argument is `FROM=TO`; an end is a port of loopback or the path of a socket. `ready` is printed once all are listened to.
    public static void main(String[] args) throws Exception {
        for (var arg : args) {
            var ends = arg.split("=", 2);
            var to = address(ends[1]);
            var listening = listen(address(ends[0]));
            Thread.ofPlatform().start(() -> accept(listening, to));
        }
        System.out.println("ready");
    }

    private static SocketAddress address(String end) {
        return end.contains("/")
                ? UnixDomainSocketAddress.of(end)
                : new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(end));
    }

    private static StandardProtocolFamily family(SocketAddress address) {
        return address instanceof UnixDomainSocketAddress
                ? StandardProtocolFamily.UNIX
                : StandardProtocolFamily.INET;
    }

    private static ServerSocketChannel listen(SocketAddress address) throws IOException {
        return ServerSocketChannel.open(family(address)).bind(address);
    }

    private static void accept(ServerSocketChannel listening, SocketAddress to) {
        while (true) {
            try {
                var near = listening.accept();
                Thread.ofVirtual().start(() -> connect(near, to));
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private static void connect(SocketChannel near, SocketAddress to) {
        try (near;
                var far = SocketChannel.open(family(to))) {
            far.connect(to);
            var back = Thread.ofVirtual().start(() -> carry(far, near));
            carry(near, far);
            back.join();
        } catch (IOException | InterruptedException e) {
            // The other side has gone: so does this one.
        }
    }

    /// Until either side ends, which ends the other direction too.
    private static void carry(SocketChannel from, SocketChannel to) {
        try (InputStream in = Channels.newInputStream(from);
                OutputStream out = Channels.newOutputStream(to)) {
            in.transferTo(out);
        } catch (IOException e) {
            // As when a line drops.
        }
    }
}
