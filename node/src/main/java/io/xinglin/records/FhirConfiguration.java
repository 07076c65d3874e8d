package io.xinglin.records;

import jakarta.servlet.ServletConfig;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import java.time.InstantSource;
import java.util.Collections;
import java.util.Date;
import java.util.Enumeration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.HttpRequestHandler;
import org.springframework.web.servlet.HandlerMapping;
import org.springframework.web.servlet.handler.SimpleUrlHandlerMapping;

/// Puts the FHIR server under `/fhir/`, behind the controllers that answer some paths there themselves.
@Configuration
class FhirConfiguration {
    /// After annotated controllers, before static resources.
    private static final int ORDER = 10;

    /// The definitions of all resource types take seconds to read. Begun here, they are read while the database starts.
    @Bean
    static BeanFactoryPostProcessor fhirDefinitions() {
        return _ -> Thread.ofPlatform().daemon().name("fhir-definitions").start(R4::warmUp);
    }

    @Bean
    Capabilities capabilities(FhirApi api, InstantSource time) {
        return new Capabilities(api, Date.from(time.instant()));
    }

    @Bean
    FhirServer fhirServer(FhirApi api, Capabilities capabilities, ServletContext context)
            throws ServletException {
        var server = new FhirServer(api, capabilities);
        server.init(new Configured(context));
        return server;
    }

    @Bean
    HandlerMapping fhirMapping(FhirServer server) {
        HttpRequestHandler handler = server::answer;
        return new SimpleUrlHandlerMapping(Map.of("/fhir/**", handler), ORDER);
    }

    @Bean
    HandlerMapping jobMapping(JobRequests jobs, ImportRequests imports) {
        return new SimpleUrlHandlerMapping(
                Map.of(JobRequests.PATTERN, jobs, ImportRequests.PATTERN, imports), ORDER - 1);
    }

    /// The server is a servlet that no container configures.
    private record Configured(ServletContext context) implements ServletConfig {
        @Override
        public String getServletName() {
            return "fhir";
        }

        @Override
        public ServletContext getServletContext() {
            return context;
        }

        @Override
        public @Nullable String getInitParameter(String name) {
            return null;
        }

        @Override
        public Enumeration<String> getInitParameterNames() {
            return Collections.emptyEnumeration();
        }
    }
}
