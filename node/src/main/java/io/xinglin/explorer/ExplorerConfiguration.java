package io.xinglin.explorer;

import io.xinglin.identity.PublicPages;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration
class ExplorerConfiguration {
    @Bean
    PublicPages explorerForAll() {
        return PublicPages.of("/explorer", "/explorer/**");
    }
}
