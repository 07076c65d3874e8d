package io.xinglin.erasure;

import io.xinglin.identity.PublicPages;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration
@EnableConfigurationProperties(ErasureProperties.class)
class ErasureConfiguration {
    /// The page that patients and officers use, and what a patient can ask who cannot sign in any more.
    @Bean
    PublicPages erasureForAll() {
        return PublicPages.of(
                "/erasure", "/erasure/paper", "/erasure/*/status", "/erasure/*/certificate");
    }
}
