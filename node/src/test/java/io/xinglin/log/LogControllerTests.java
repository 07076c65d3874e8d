package io.xinglin.log;

import static io.xinglin.log.LogNode.HOSPITAL;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.http.HttpHeaders;
import org.springframework.test.web.servlet.assertj.MockMvcTester;

class LogControllerTests {
    private LogNode node;
    private MockMvcTester http;

    @BeforeEach
    void keepALog(@TempDir Path data) throws Exception {
        node = new LogNode(TestDatabase.empty(), data);
        node.append(HOSPITAL, 300);
        node.signedUpTo(HOSPITAL, 300);
        Files.writeString(data.resolve("secret"), "secret");
        http = MockMvcTester.of(new LogController(node.files, node.heads));
    }

    @AfterEach
    void close() {
        node.close();
    }

    @Test
    void the_checkpoint_is_text_and_hardly_cached() {
        var answer = http.get().uri("/log/city-first-hospital/checkpoint");

        assertThat(answer)
                .hasStatusOk()
                .hasHeader(HttpHeaders.CONTENT_TYPE, "text/plain;charset=UTF-8")
                .hasHeader(HttpHeaders.CACHE_CONTROL, "max-age=1, public")
                .bodyText()
                .startsWith("localhost:8080/log/city-first-hospital\n300\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0/000",
                "0/001.p/44",
                "1/000.p/1",
                "entries/000",
                "entries/001.p/44",
                "0/000.p/17",
                "entries/000.p/17"
            })
    void tiles_and_bundles_are_bytes_and_cached_for_ever(String tile) {
        var answer = http.get().uri("/log/city-first-hospital/tile/" + tile);

        assertThat(answer)
                .hasStatusOk()
                .hasHeader(HttpHeaders.CONTENT_TYPE, "application/octet-stream")
                .hasHeader(HttpHeaders.CACHE_CONTROL, "max-age=31536000, public, immutable");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/log/nobody/checkpoint",
                "/log/NOT A MEMBER/checkpoint",
                "/log/../checkpoint",
                "/log/nobody/tile/0/000",
                "/log/city-first-hospital/tile/0/001",
                "/log/city-first-hospital/tile/0/002",
                "/log/city-first-hospital/tile/0/001.p/45",
                "/log/city-first-hospital/tile/0/x000/000",
                "/log/city-first-hospital/tile/0/%2e%2e/%2e%2e/checkpoint",
                "/log/city-first-hospital/tile/../../../secret",
                "/log/city-first-hospital/tile/..%2f..%2f..%2fsecret",
                "/log/city-first-hospital/tile/0/000%00",
                "/log/city-first-hospital/tile/",
                "/log/city-first-hospital/tile/0/000/"
            })
    void what_is_not_in_a_log_is_not_found(String path) {
        assertThat(http.get().uri(URI.create(path.replace(" ", "%20")))).hasStatus(404);
    }
}
