package io.xinglin.web;

import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.web.util.UriComponentsBuilder;

/// How someone wants to see pages: the language, the size of text, light or dark.
///
/// Said by a link on each page (`?lang=zh`), kept in cookies, and otherwise guessed from what the browser sends.
///
/// @param language `zh` or `en`
/// @param text `large`, or null for the usual size
/// @param theme `light` or `dark`, or null for what the system shows
/// @param path the page it is said on
record Look(String language, @Nullable String text, @Nullable String theme, String path) {
    static final Map<String, List<String>> CHOICES =
            Map.of(
                    "lang", List.of("zh", "en"),
                    "text", List.of("large", "normal"),
                    "theme", List.of("light", "dark"));

    /// What the browser that sent this request wants.
    static Look of(HttpServletRequest request) {
        return new Look(
                chosen(request, "lang").orElseGet(() -> accepted(request)),
                chosen(request, "text").filter("large"::equals).orElse(null),
                chosen(request, "theme").orElse(null),
                path(request));
    }

    Locale locale() {
        return language.equals("zh") ? Locale.SIMPLIFIED_CHINESE : Locale.ENGLISH;
    }

    /// Where this page is shown in the other language.
    public String withLanguage() {
        return link("lang", language.equals("zh") ? "en" : "zh");
    }

    /// Where this page is shown with the other size of text.
    public String withText() {
        return link("text", text == null ? "large" : "normal");
    }

    /// Where this page is shown in light or dark.
    public String withTheme(String theme) {
        return link("theme", theme);
    }

    /// The address of a part of a page in the same language, so that it does not depend on cookies.
    public String fragment(String address) {
        return address + "?lang=" + language;
    }

    private String link(String choice, String value) {
        return UriComponentsBuilder.fromPath(path).queryParam(choice, value).toUriString();
    }

    /// What this very request chooses; it is worth a cookie.
    static Optional<String> said(HttpServletRequest request, String choice) {
        return Optional.ofNullable(request.getParameter(choice))
                .filter(value -> CHOICES.getOrDefault(choice, List.of()).contains(value));
    }

    static String cookie(String choice) {
        return "xinglin-" + choice;
    }

    private static Optional<String> chosen(HttpServletRequest request, String choice) {
        return said(request, choice).or(() -> remembered(request, choice));
    }

    private static Optional<String> remembered(HttpServletRequest request, String choice) {
        var cookies = request.getCookies() == null ? new Cookie[0] : request.getCookies();
        return Arrays.stream(cookies)
                .filter(cookie -> cookie.getName().equals(cookie(choice)))
                .map(Cookie::getValue)
                .filter(CHOICES.getOrDefault(choice, List.of())::contains)
                .findFirst();
    }

    private static String accepted(HttpServletRequest request) {
        var header = Optional.ofNullable(request.getHeader("Accept-Language")).orElse("");
        try {
            var best = Locale.lookupTag(Locale.LanguageRange.parse(header), List.of("zh", "en"));
            return best == null ? "en" : best;
        } catch (IllegalArgumentException e) {
            return "en";
        }
    }

    private static String path(HttpServletRequest request) {
        var failed = request.getAttribute(RequestDispatcher.ERROR_REQUEST_URI);
        // Two slashes at the beginning would lead to another host.
        return (failed instanceof String uri ? uri : request.getRequestURI())
                .replaceFirst("^/*", "/");
    }
}
