package io.xinglin.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.xinglin.contracts.ViolationCode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TemplatesTests {
    private static final Path RESOURCES = Path.of("src/main/resources");

    @ParameterizedTest
    @ValueSource(strings = {"messages", "explorer", "paper", "erasure"})
    void both_languages_have_the_same_words(String bundle) throws IOException {
        assertThat(messages(bundle + "_zh.properties").keySet())
                .isEqualTo(messages(bundle + ".properties").keySet());
    }

    @Test
    void every_refusal_of_the_ledger_is_explained() throws IOException {
        var titles = messages("messages.properties").keySet();
        for (var code : ViolationCode.values()) {
            assertThat(titles)
                    .contains(
                            "problem." + code.word() + ".title",
                            "problem." + code.word() + ".text");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"messages", "explorer", "paper", "erasure"})
    void no_message_has_the_quote_that_message_formats_swallow(String bundle) throws IOException {
        assertThat(messages(bundle + ".properties").values())
                .noneMatch(v -> v.toString().contains("'"));
        assertThat(messages(bundle + "_zh.properties").values())
                .noneMatch(v -> v.toString().contains("'"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"messages", "explorer", "paper", "erasure"})
    void chinese_text_uses_chinese_punctuation(String bundle) throws IOException {
        var halfWidth = Pattern.compile("\\p{IsHan}[,.;:!?]|[,;:!?]\\p{IsHan}");
        assertThat(messages(bundle + "_zh.properties").values())
                .noneMatch(value -> halfWidth.matcher(value.toString()).find());
    }

    /// The content security policy would refuse the first three, and htmx runs the last two whatever they say.
    @Test
    void templates_have_no_inline_style_or_script_and_nothing_that_htmx_evaluates()
            throws IOException {
        var forbidden =
                Pattern.compile(
                        "\\sstyle=|<style|<script(?![^>]*src)|\\son[a-z]+=|hx-on|hx-trigger=\"[^\"]*\\[");
        for (var template : templates()) {
            assertThat(forbidden.matcher(Files.readString(template)).results().toList())
                    .as(template.toString())
                    .isEmpty();
        }
    }

    private static List<Path> templates() throws IOException {
        try (Stream<Path> files = Files.walk(RESOURCES.resolve("templates"))) {
            return files.filter(Files::isRegularFile).toList();
        }
    }

    private static Properties messages(String file) throws IOException {
        var messages = new Properties();
        try (var reader =
                Files.newBufferedReader(RESOURCES.resolve(file), StandardCharsets.UTF_8)) {
            messages.load(reader);
        }
        return messages;
    }
}
