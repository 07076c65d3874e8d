package io.xinglin.log;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.xinglin.contracts.MemberId;
import io.xinglin.tlog.AddCheckpoint;
import io.xinglin.tlog.Checkpoint;
import io.xinglin.tlog.GrowingTree;
import io.xinglin.tlog.NoteSigner;
import io.xinglin.tlog.SignedNote;
import io.xinglin.tlog.TilePath;
import io.xinglin.tlog.TileReader;
import io.xinglin.tlog.TreeSize;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// The log of a member on another node, over HTTP. It can have several histories, all signed with its one key.
final class ForeignLog implements AutoCloseable {
    static final MemberId MEMBER = new MemberId("far-hospital");

    final NoteSigner signer;
    private final HttpServer server;
    private volatile History shown;
    private volatile Optional<SignedNote> checkpoint = Optional.empty();

    ForeignLog() {
        this(LogNode.newSigner(MEMBER));
    }

    ForeignLog(NoteSigner signer) {
        this.signer = signer;
        this.shown = new History("");
        try {
            var here = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
            server = HttpServer.create(here, 0);
            server.createContext("/", this::answer);
            server.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// One history: its entries differ from those of another by a word, from a place on.
    final class History implements TileReader {
        private final Map<TilePath, byte[]> files = new HashMap<>();
        private final GrowingTree tree = GrowingTree.empty(files::put);
        private final String word;

        History(String word) {
            this.word = word;
        }

        /// Grows, and signs what it is then.
        SignedNote growTo(long size) {
            return growTo(size, 0);
        }

        SignedNote growTo(long size, long sameBefore) {
            while (tree.size().value() < size) {
                var place = tree.size().value();
                var entry = (place < sameBefore ? "" : word) + place;
                tree.append(entry.getBytes(StandardCharsets.UTF_8));
            }
            tree.writeEdge();
            return new Checkpoint(signer.name(), tree.size(), tree.root()).sign(signer);
        }

        @Override
        public Optional<byte[]> read(TilePath path) {
            return Optional.ofNullable(files.get(path));
        }

        AddCheckpoint request(long old, SignedNote to) {
            return AddCheckpoint.of(new TreeSize(old), to, this);
        }
    }

    History history(String word) {
        return new History(word);
    }

    /// Shows everyone this.
    void show(History history, SignedNote note) {
        shown = history;
        checkpoint = Optional.of(note);
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    Members.KnownLog known() {
        return new Members.KnownLog(MEMBER, url(), signer.verifier());
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            var path = exchange.getRequestURI().getPath().substring(1);
            var body =
                    path.equals("checkpoint")
                            ? checkpoint.map(it -> it.toString().getBytes(StandardCharsets.UTF_8))
                            : TilePath.parse(path).flatMap(shown::read);
            exchange.sendResponseHeaders(body.isPresent() ? 200 : 404, 0);
            exchange.getResponseBody().write(body.orElse(new byte[0]));
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
