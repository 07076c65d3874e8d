package io.xinglin.sandbox;

import io.xinglin.identity.PublicPages;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration
class SandboxConfiguration {
    @Bean
    PublicPages sandboxForAll() {
        return PublicPages.of("/sandbox", "/sandbox/**");
    }
}
