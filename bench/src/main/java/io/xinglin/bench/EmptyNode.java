package io.xinglin.bench;

import io.xinglin.Application;
import io.xinglin.story.Trees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/// A node without members, in this process, that listens nowhere: for measuring a module through its entry point.
final class EmptyNode implements AutoCloseable {
    private final Path data;
    private final ConfigurableApplicationContext context;

    EmptyNode(boolean sample) throws IOException {
        data = Files.createTempDirectory("xinglin-bench");
        context =
                new SpringApplicationBuilder(Application.class)
                        .properties(
                                Map.of(
                                        "server.port", "-1",
                                        "xinglin.data", data.toString(),
                                        "xinglin.url", "http://localhost:8080",
                                        "xinglin.sample", Boolean.toString(sample),
                                        "xinglin.sample-records", "false"))
                        .run("--xinglin.data=" + data);
    }

    <T> T get(Class<T> type) {
        return context.getBean(type);
    }

    Path data() {
        return data;
    }

    @Override
    public void close() throws IOException {
        context.close();
        Trees.delete(data);
    }
}
