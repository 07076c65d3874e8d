package io.xinglin.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;

class PeersAreNamedTests {
    private final ApplicationContextRunner node =
            new ApplicationContextRunner().withUserConfiguration(OnlyWithPeers.class);

    @Configuration
    static class OnlyWithPeers {
        @Bean
        @Conditional(PeersAreNamed.class)
        String ordering() {
            return "fabric";
        }
    }

    @Test
    void peers_in_one_line_and_peers_in_a_list_are_peers() {
        node.withPropertyValues("xinglin.fabric.peers=a:7051,b:7051")
                .run(it -> assertThat(it).hasBean("ordering"));
        node.withPropertyValues("xinglin.fabric.peers[0]=a:7051", "xinglin.fabric.peers[1]=b:7051")
                .run(it -> assertThat(it).hasBean("ordering"));
    }

    @Test
    void without_peers_the_node_orders_alone() {
        node.run(it -> assertThat(it).doesNotHaveBean("ordering"));
        node.withPropertyValues("xinglin.fabric.peers=")
                .run(it -> assertThat(it).doesNotHaveBean("ordering"));
    }
}
