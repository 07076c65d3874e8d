package io.xinglin.platform;

import com.zaxxer.hikari.HikariDataSource;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.InstantSource;
import javax.sql.DataSource;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.condition.ConditionalOnExpression;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration
@EnableConfigurationProperties(NodeProperties.class)
class PlatformConfiguration {
    @Bean
    InstantSource instantSource() {
        return Clock.systemUTC();
    }

    @Bean
    SecureRandom secureRandom() {
        return new SecureRandom();
    }

    /// The embedded PostgreSQL, unless `spring.datasource.url` names another server.
    @Configuration
    @ConditionalOnExpression("'${spring.datasource.url:}' == ''")
    static class Embedded {
        @Bean
        EmbeddedDatabase embeddedDatabase(NodeProperties node, SecureRandom random) {
            return EmbeddedDatabase.start(node.data(), random, node.readOnly());
        }

        @Bean
        DataSource dataSource(
                EmbeddedDatabase database,
                @Value("${xinglin.database.connections:16}") int connections) {
            var pool = new HikariDataSource();
            pool.setPoolName("xinglin");
            pool.setJdbcUrl(database.url());
            pool.setUsername(EmbeddedDatabase.ROLE);
            pool.setPassword(database.password());
            pool.setMaximumPoolSize(connections);
            pool.setConnectionTimeout(5_000);
            return pool;
        }
    }
}
