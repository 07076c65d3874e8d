package io.xinglin.web;

import static org.hamcrest.Matchers.containsString;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.content;

import io.xinglin.TestNode;
import io.xinglin.identity.Identities;
import io.xinglin.ledger.Ledger;
import io.xinglin.log.Logs;
import io.xinglin.platform.NodeProperties;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.MessageSource;
import org.springframework.test.web.servlet.setup.MockMvcBuilders;
import org.springframework.web.servlet.LocaleResolver;
import org.springframework.web.servlet.View;
import org.springframework.web.servlet.ViewResolver;
import org.thymeleaf.spring6.view.ThymeleafViewResolver;

@TestNode
class EmptyNodeTests {
    @Autowired Ledger ledger;
    @Autowired Logs logs;
    @Autowired Identities identities;
    @Autowired News news;
    @Autowired InstantSource clock;
    @Autowired MessageSource messages;
    @Autowired NodeProperties node;
    @Autowired ThymeleafViewResolver views;
    @Autowired LocaleResolver locales;

    @ParameterizedTest
    @CsvSource({"en,Nothing is here yet", "zh,这里还是空的"})
    void a_page_without_members_says_why_and_what_to_do(String language, String words)
            throws Exception {
        var before =
                new Overview(ledger, logs, identities, news, clock) {
                    @Override
                    Snapshot snapshot() {
                        return new Snapshot(clock.instant(), 0, List.of(), List.of());
                    }
                };
        var pages =
                MockMvcBuilders.standaloneSetup(new HomePage(before, messages, node))
                        .setViewResolvers(new OfTheNode(views))
                        .setLocaleResolver(locales)
                        .addInterceptors(new LookInterceptor())
                        .build();

        pages.perform(get("/").param("lang", language))
                .andExpect(content().string(containsString(words)))
                .andExpect(content().string(containsString("<code>make run</code>")));
    }

    /// Resolves as the node does. The resolver itself cannot be handed over: it belongs to another application context.
    private record OfTheNode(ThymeleafViewResolver views) implements ViewResolver {
        @Override
        public @Nullable View resolveViewName(String name, Locale locale) throws Exception {
            return views.resolveViewName(name, locale);
        }
    }
}
