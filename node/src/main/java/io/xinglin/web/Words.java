package io.xinglin.web;

import java.text.NumberFormat;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.springframework.context.MessageSource;

/// Says things in one language, for the pages of every module. Numbers that are ids go through [String#valueOf], never through a message as numbers.
///
/// @param messages where the words are
/// @param locale the language
/// @param zone where clocks are read
public record Words(MessageSource messages, Locale locale, ZoneId zone) {
    private static final Duration JUST_NOW = Duration.ofSeconds(3);

    /// A message of this key.
    public String say(String key, Object... arguments) {
        return messages.getMessage(key, arguments, locale);
    }

    /// A number as people write it.
    public String number(long value) {
        return NumberFormat.getIntegerInstance(locale).format(value);
    }

    /// A time of day.
    public String clock(Instant instant) {
        return DateTimeFormatter.ofPattern("HH:mm:ss", locale).format(instant.atZone(zone));
    }

    /// A day.
    public String day(Instant instant) {
        return format("day.pattern", instant);
    }

    /// A day and a time of day.
    public String moment(Instant instant) {
        return format("moment.pattern", instant);
    }

    private String format(String pattern, Instant instant) {
        return DateTimeFormatter.ofPattern(say(pattern), locale).format(instant.atZone(zone));
    }

    /// Whether this is Chinese.
    public boolean isChinese() {
        return locale.getLanguage().equals(Locale.CHINESE.getLanguage());
    }

    /// How long ago, as a sentence would say it: "3 minutes ago".
    public String ago(Instant then, Instant now) {
        var age = Duration.between(then, now);
        return age.compareTo(JUST_NOW) < 0 ? say("age.now") : length("age", age);
    }

    /// How long, as a figure would say it: "3 min".
    public String span(Instant then, Instant now) {
        var age = Duration.between(then, now);
        return length("span", age.isNegative() ? Duration.ZERO : age);
    }

    private String length(String family, Duration age) {
        if (age.toMinutes() < 1) {
            return say(family + ".seconds", age.toSeconds());
        }
        if (age.toHours() < 1) {
            return say(family + ".minutes", age.toMinutes());
        }
        if (age.toDays() < 1) {
            return say(family + ".hours", age.toHours());
        }
        return say(family + ".days", age.toDays());
    }
}
