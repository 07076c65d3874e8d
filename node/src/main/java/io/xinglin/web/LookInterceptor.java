package io.xinglin.web;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseCookie;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.servlet.ModelAndView;

/// Gives every page its [Look] and remembers what was chosen.
class LookInterceptor implements HandlerInterceptor {
    @Override
    public void postHandle(
            HttpServletRequest request,
            HttpServletResponse response,
            Object handler,
            @Nullable ModelAndView page) {
        if (page == null || !page.hasView()) {
            return;
        }
        page.addObject("look", Look.of(request));
        Look.CHOICES
                .keySet()
                .forEach(
                        choice ->
                                Look.said(request, choice)
                                        .ifPresent(v -> remember(request, response, choice, v)));
        if (response.getHeader(HttpHeaders.CACHE_CONTROL) == null) {
            response.setHeader(HttpHeaders.CACHE_CONTROL, "no-cache");
        }
        response.addHeader(HttpHeaders.VARY, "Accept-Language, Cookie, HX-Request");
    }

    private static void remember(
            HttpServletRequest request, HttpServletResponse response, String choice, String value) {
        var cookie =
                ResponseCookie.from(Look.cookie(choice), value)
                        .path("/")
                        .maxAge(Duration.ofDays(365))
                        .sameSite("Lax")
                        .httpOnly(true)
                        .secure(request.isSecure())
                        .build();
        response.addHeader(HttpHeaders.SET_COOKIE, cookie.toString());
    }
}
