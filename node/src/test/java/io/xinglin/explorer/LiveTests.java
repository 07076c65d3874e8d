package io.xinglin.explorer;

import static io.xinglin.Consortium.CITY;
import static org.assertj.core.api.Assertions.assertThat;

import io.xinglin.TestNode;
import io.xinglin.identity.Identities;
import io.xinglin.identity.PatientId;
import io.xinglin.platform.NodeProperties;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

@Tag("node")
@TestNode
class LiveTests {
    @Autowired LiveController live;
    @Autowired Identities identities;
    @Autowired NodeProperties node;

    private final ArrayList<Listener> listeners = new ArrayList<>();

    @AfterEach
    void goAway() throws IOException {
        for (var listener : listeners) {
            listener.socket.close();
        }
        ReceiptPageTests.await(
                () -> live.connections() == 0 ? Optional.of(true) : Optional.empty());
    }

    @Test
    void whoever_listens_is_told_of_a_new_block_and_of_nothing_in_it() throws IOException {
        var listener = listen();
        assertThat(listener.until("")).contains("HTTP/1.1 200").contains("text/event-stream");

        identities.enrol(new PatientId(CITY, UUID.randomUUID().toString()));

        assertThat(listener.until("event: block")).isNotNull();
        assertThat(listener.line()).matches("data: \\d+");
    }

    @Test
    void there_are_not_more_connections_than_allowed_and_none_is_left_over() throws IOException {
        for (var i = 0; i < LiveController.CONNECTIONS_MAX_AN_ADDRESS; i++) {
            listen().until("");
        }

        assertThat(listen().until("")).contains("HTTP/1.1 429").contains("Retry-After: 30");
        assertThat(live.connections()).isEqualTo(LiveController.CONNECTIONS_MAX_AN_ADDRESS);
    }

    private Listener listen() throws IOException {
        var listener = new Listener(new Socket("localhost", node.url().getPort()));
        listeners.add(listener);
        return listener;
    }

    private static final class Listener {
        private final Socket socket;
        private final BufferedReader lines;

        Listener(Socket socket) throws IOException {
            this.socket = socket;
            this.lines =
                    new BufferedReader(
                            new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
            socket.setSoTimeout(60_000);
            socket.getOutputStream()
                    .write(
                            "GET /explorer/live HTTP/1.1\r\nHost: localhost\r\n\r\n"
                                    .getBytes(StandardCharsets.US_ASCII));
        }

        String line() throws IOException {
            var line = lines.readLine();
            return line == null ? "" : line;
        }

        /// What is read until this line has come.
        String until(String wanted) throws IOException {
            var read = new StringBuilder();
            for (var line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.equals(wanted)) {
                    break;
                }
                read.append(line).append('\n');
            }
            return read.toString();
        }
    }
}
