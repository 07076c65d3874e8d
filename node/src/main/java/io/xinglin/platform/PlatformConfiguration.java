package io.xinglin.platform;

import com.zaxxer.hikari.HikariDataSource;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.InstantSource;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.autoconfigure.AbstractDependsOnBeanFactoryPostProcessor;
import org.springframework.boot.autoconfigure.condition.ConditionalOnExpression;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.flyway.autoconfigure.FlywayMigrationStrategy;
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
    Ticker ticker() {
        return Ticker.SYSTEM;
    }

    @Bean
    SecureRandom secureRandom() {
        return new SecureRandom();
    }

    @Bean
    NodeLock nodeLock(NodeProperties node) {
        return node.readOnly() ? NodeLock.takeIfFree(node.data()) : NodeLock.take(node.data());
    }

    @Bean
    static AbstractDependsOnBeanFactoryPostProcessor lockBeforeDatabase() {
        return new AbstractDependsOnBeanFactoryPostProcessor(DataSource.class, NodeLock.class) {};
    }

    /// A node that only looks does not change the tables either: they must be those of this program.
    @Bean
    FlywayMigrationStrategy migration(NodeProperties node) {
        return node.readOnly() ? Flyway::validate : Flyway::migrate;
    }

    /// Whichever pool it is.
    @Bean
    static BeanPostProcessor fairConnections() {
        return new BeanPostProcessor() {
            @Override
            public Object postProcessAfterInitialization(Object bean, String name) {
                return bean instanceof HikariDataSource pool
                        ? new FairConnections(
                                pool,
                                pool.getMaximumPoolSize(),
                                Duration.ofMillis(pool.getConnectionTimeout()))
                        : bean;
            }
        };
    }

    /// The embedded PostgreSQL, unless `spring.datasource.url` names another server.
    @Configuration
    @ConditionalOnExpression("'${spring.datasource.url:}' == ''")
    static class Embedded {
        @Bean
        EmbeddedDatabase embeddedDatabase(NodeLock lock, SecureRandom random, NodeProperties node) {
            return EmbeddedDatabase.start(lock, random, node.readOnly());
        }

        @Bean
        ThrowAwayDatabases throwAwayDatabases(EmbeddedDatabase database, NodeProperties node) {
            return new ThrowAwayDatabases(database, node.readOnly());
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
