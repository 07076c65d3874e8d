package io.xinglin.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Locale;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.context.support.ResourceBundleMessageSource;

class WordsTests {
    private static final Instant NOON = Instant.parse("2026-03-05T12:00:00Z");

    @ParameterizedTest
    @CsvSource({
        "PT0S,just now,刚刚",
        "PT-5S,just now,刚刚",
        "PT3S,3 seconds ago,3 秒前",
        "PT60S,1 minute ago,1 分钟前",
        "PT119S,1 minute ago,1 分钟前",
        "PT2M,2 minutes ago,2 分钟前",
        "PT1H,1 hour ago,1 小时前",
        "PT50H,2 days ago,2 天前"
    })
    void an_age_is_said_as_people_say_it(Duration age, String english, String chinese) {
        assertThat(words(Locale.ENGLISH).ago(NOON.minus(age), NOON)).isEqualTo(english);
        assertThat(words(Locale.SIMPLIFIED_CHINESE).ago(NOON.minus(age), NOON)).isEqualTo(chinese);
    }

    @ParameterizedTest
    @CsvSource({"0,members", "1,member", "9,members"})
    void a_noun_agrees_with_its_number(int count, String noun) {
        assertThat(words(Locale.ENGLISH).say("now.members", count)).isEqualTo(noun);
    }

    private static Words words(Locale locale) {
        var messages = new ResourceBundleMessageSource();
        messages.setBasename("messages");
        messages.setDefaultEncoding(StandardCharsets.UTF_8.name());
        messages.setFallbackToSystemLocale(false);
        return new Words(messages, locale, ZoneOffset.UTC);
    }
}
