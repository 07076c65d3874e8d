package io.xinglin;

import io.xinglin.identity.TestUsers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.util.Map;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.MapPropertySource;
import org.springframework.test.context.ContextConfiguration;
import org.springframework.util.FileSystemUtils;

/// A whole node on a fresh data directory and a free port, with the consortium on it, a clock that can be put forward, and sample users. Test classes with
/// this annotation share it.
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@SpringBootTest(webEnvironment = WebEnvironment.DEFINED_PORT)
@Import({TestClock.class, TestUsers.class, Consortium.class, Http.class})
@ContextConfiguration(classes = Application.class, initializers = TestNode.FreshDirectory.class)
public @interface TestNode {
    /// Gives the node a directory that is deleted in the end, and a port.
    final class FreshDirectory
            implements ApplicationContextInitializer<ConfigurableApplicationContext> {
        @Override
        public void initialize(ConfigurableApplicationContext context) {
            try (var socket = new ServerSocket(0)) {
                var data = Files.createTempDirectory("xinglin-test");
                Runtime.getRuntime()
                        .addShutdownHook(
                                new Thread(() -> FileSystemUtils.deleteRecursively(data.toFile())));
                context.getEnvironment()
                        .getPropertySources()
                        .addFirst(
                                new MapPropertySource(
                                        "test node",
                                        Map.of(
                                                "xinglin.data",
                                                data.toString(),
                                                "xinglin.url",
                                                "http://localhost:" + socket.getLocalPort(),
                                                "server.port",
                                                socket.getLocalPort())));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
