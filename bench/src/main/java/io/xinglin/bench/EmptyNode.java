package io.xinglin.bench;

import io.xinglin.Application;
import io.xinglin.story.Trees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/// A node without members, in this process, that listens nowhere: for measuring a module through its entry point.
final class EmptyNode implements AutoCloseable {
    private final Path data;
    private final ConfigurableApplicationContext context;

    EmptyNode(boolean sample, String... more) throws IOException {
        data = Files.createTempDirectory("xinglin-bench");
        // As arguments, because defaults would lose against the node's own settings.
        var settings =
                Stream.of(
                        "--server.port=-1",
                        "--xinglin.data=" + data,
                        "--xinglin.url=http://localhost:8080",
                        "--xinglin.sample=" + sample,
                        "--xinglin.sample-records=false");
        context =
                new SpringApplicationBuilder(Application.class)
                        .run(Stream.concat(settings, Stream.of(more)).toArray(String[]::new));
    }

    <T> T get(Class<T> type) {
        return context.getBean(type);
    }

    <T> Stream<T> all(Class<T> type) {
        return context.getBeansOfType(type).values().stream();
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
