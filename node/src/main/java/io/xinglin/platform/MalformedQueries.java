package io.xinglin.platform;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.regex.Pattern;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/// Refuses a query with a percent sign that begins no byte: everyone who reads parameters later would fail on it in a way of their own.
@Component
@Order(Ordered.HIGHEST_PRECEDENCE)
class MalformedQueries extends OncePerRequestFilter {
    static final String DETAIL = "a % in the parameters is not followed by two hexadecimal digits";

    private static final Pattern STRAY = Pattern.compile("%(?![0-9A-Fa-f]{2})");

    @Override
    protected void doFilterInternal(
            HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        var query = request.getQueryString();
        if (query != null && STRAY.matcher(query).find()) {
            Problems.send(
                    request,
                    response,
                    HttpStatus.BAD_REQUEST,
                    "malformed-request",
                    "invalid",
                    DETAIL);
            return;
        }
        chain.doFilter(request, response);
    }
}
