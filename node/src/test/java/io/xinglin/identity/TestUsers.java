package io.xinglin.identity;

import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;

/// Lets tests register users without the sample consortium.
@TestConfiguration
public class TestUsers {
    @Bean
    SampleUsers sampleUsers() {
        return new SampleUsers();
    }
}
