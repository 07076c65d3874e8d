package io.xinglin.bench.hapi;

import java.nio.file.Path;
import java.util.Map;
import org.springframework.boot.Banner;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;

/// HAPI's JPA server on a PostgreSQL of its own, both on loopback only.
///
/// What both sides of the comparison have in common is said in [Database]; what makes HAPI fast is said in [Server].
public final class HapiPeer {
    private HapiPeer() {}

    /// Runs until it is told to end.
    ///
    /// @param args a directory of its own, the port to listen on, and how many connections the pool holds
    public static void main(String[] args) throws Exception {
        var database = Database.start(Path.of(args[0]));
        Runtime.getRuntime().addShutdownHook(new Thread(database::close));
        new SpringApplicationBuilder(Server.class)
                .web(WebApplicationType.SERVLET)
                .bannerMode(Banner.Mode.OFF)
                // The database ends after everything that uses it.
                .registerShutdownHook(false)
                .properties(
                        Map.of(
                                "server.address", "127.0.0.1",
                                "server.port", args[1],
                                "peer.database", database.url(),
                                "peer.connections", args[2],
                                // HAPI makes its tables itself.
                                "spring.flyway.enabled", "false",
                                "spring.batch.job.enabled", "false",
                                "spring.main.allow-circular-references", "true",
                                "spring.main.allow-bean-definition-overriding", "true",
                                "logging.level.root", "warn"))
                .run();
        System.out.println("HAPI is ready at http://localhost:" + args[1] + "/fhir");
    }
}
