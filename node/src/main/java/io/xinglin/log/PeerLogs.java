package io.xinglin.log;

import io.xinglin.platform.PeerHttp;
import io.xinglin.tlog.AddCheckpoint;
import io.xinglin.tlog.MalformedLogData;
import io.xinglin.tlog.NoteSignature;
import io.xinglin.tlog.SignedNote;
import io.xinglin.tlog.TilePath;
import io.xinglin.tlog.TileReader;
import io.xinglin.tlog.TileStore;
import io.xinglin.tlog.TreeSize;
import io.xinglin.tlog.WitnessAnswer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;
import org.springframework.web.client.RestClient;

/// The logs and witnesses of members on other nodes, at the addresses that they registered on the ledger and nowhere else.
///
/// @spec https://c2sp.org/tlog-witness tlog-witness
/// @spec https://c2sp.org/tlog-tiles tlog-tiles
@Component
class PeerLogs {
    private static final int ANSWER_BYTES_MAX = 16 * 1024;
    private static final int BUNDLE_BYTES_MAX = 256 * (2 + 0xFFFF);

    private final RestClient http;

    PeerLogs(PeerHttp peers) {
        this.http = peers.client(Duration.ofSeconds(2), Duration.ofSeconds(5));
    }

    /// What an address answered.
    @SuppressWarnings("ArrayRecordComponent") // Looked at, never compared.
    private record Answer(HttpStatusCode status, byte[] body) {
        String text() {
            return new String(body, StandardCharsets.UTF_8);
        }
    }

    /// Asks a witness.
    ///
    /// @throws MalformedLogData if the answer is none
    /// @throws org.springframework.web.client.RestClientException if there is none
    WitnessAnswer ask(String url, AddCheckpoint request) {
        var answer =
                send(
                        http.post()
                                .uri(url + "/add-checkpoint")
                                .contentType(MediaType.TEXT_PLAIN)
                                .body(request.toString().getBytes(StandardCharsets.UTF_8)),
                        ANSWER_BYTES_MAX);
        return switch (answer.status().value()) {
            case 200 ->
                    new WitnessAnswer.Cosigned(
                            answer.text().lines().map(NoteSignature::parse).toList());
            case 400 -> new WitnessAnswer.Malformed("the witness finds it malformed");
            case 403 -> new WitnessAnswer.Unsigned("the witness does not accept the log's key");
            case 404 -> new WitnessAnswer.UnknownLog();
            case 409 -> new WitnessAnswer.OtherSize(TreeSize.parse(answer.text().strip()));
            case 422 -> new WitnessAnswer.Inconsistent("the witness does not accept the proof");
            default -> throw new MalformedLogData("the witness answered " + answer.status());
        };
    }

    /// The checkpoint that a log publishes; empty if it has none.
    Optional<SignedNote> checkpoint(String url) {
        return get(url + "/checkpoint", SignedNote.LENGTH_MAX)
                .map(body -> SignedNote.parse(new String(body, StandardCharsets.UTF_8)));
    }

    /// The tiles of a log. A partial one that is gone is taken from the full one.
    TileReader tiles(String url) {
        return path -> {
            var exact = tile(url, path);
            return exact.isPresent() || !path.isPartial()
                    ? exact
                    : tile(url, path.withWidth(TilePath.FULL))
                            .map(full -> TileStore.narrow(path, full));
        };
    }

    private Optional<byte[]> tile(String url, TilePath path) {
        return get(url + "/" + path, BUNDLE_BYTES_MAX);
    }

    private Optional<byte[]> get(String uri, int bytesMax) {
        var answer = send(http.get().uri(uri), bytesMax);
        if (answer.status().value() == HttpStatus.NOT_FOUND.value()) {
            return Optional.empty();
        }
        if (answer.status().value() != HttpStatus.OK.value()) {
            throw new Unanswered("answered " + answer.status());
        }
        return Optional.of(answer.body());
    }

    private static Answer send(RestClient.RequestHeadersSpec<?> request, int bytesMax) {
        return request.exchange(
                (_, response) -> {
                    var body = response.getBody().readNBytes(bytesMax + 1);
                    if (body.length > bytesMax) {
                        throw new IOException("the answer is larger than " + bytesMax + " bytes");
                    }
                    return new Answer(response.getStatusCode(), body);
                });
    }

    /// A log could not be read now; that says nothing about the log.
    static final class Unanswered extends RuntimeException {
        private static final long serialVersionUID = 1;

        Unanswered(String message) {
            super(message);
        }
    }
}
