package io.xinglin.identity;

import io.xinglin.platform.NodeProperties;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Optional;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;

@Configuration
class IdentityConfiguration {
    private static final byte[] WITNESS = "Xinglin".getBytes(StandardCharsets.UTF_8);

    /// The master key, proved to be the one that everything in this database is sealed under.
    @Bean
    MasterKey masterKey(
            NodeProperties node,
            SecureRandom random,
            JdbcClient jdbc,
            @Value("${xinglin.keystore.password:}") String password) {
        if (node.readOnly() && !MasterKey.isIn(node.data())) {
            throw new IllegalStateException("the node's keystore is missing: put it back");
        }
        var key =
                MasterKey.open(
                        node.data(), Optional.of(password).filter(p -> !p.isEmpty()), random);
        if (!node.readOnly()) {
            jdbc.sql(
                            """
                            insert into identity.master_key (witness, generation) values (?, ?)
                            on conflict do nothing
                            """)
                    .params(key.aead().seal(WITNESS), key.generation())
                    .update();
        }
        jdbc.sql("select witness, generation from identity.master_key")
                .query(
                        row -> {
                            requireOpens(key, row.getInt("generation"), row.getBytes("witness"));
                        });
        return key;
    }

    /// What tells the newest master key from a wrong one.
    static byte[] witness(MasterKey key) {
        return key.aead().seal(WITNESS);
    }

    private static void requireOpens(MasterKey key, int generation, byte[] witness) {
        try {
            key.aead(generation).open(witness);
        } catch (Aead.Tampered e) {
            throw new IllegalStateException(
                    "the keystore is not the one this database was sealed with", e);
        }
    }
}
