package io.xinglin.platform;

import static org.assertj.core.api.Assertions.assertThat;

import io.xinglin.TestNode;
import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

@TestNode
class DataDirectoryTests {
    @Autowired NodeProperties node;

    @Test
    void a_reset_knows_everything_that_a_node_makes() throws IOException {
        try (var files = Files.list(node.data())) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .isNotEmpty()
                    .allMatch(DataDirectory::isOurs);
        }
    }
}
