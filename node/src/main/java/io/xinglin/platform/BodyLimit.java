package io.xinglin.platform;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.regex.Pattern;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/// Refuses bodies over the limit with 413: at once where the length is declared, while reading where it is not. Nothing that reads can
/// answer otherwise. A compressed body, whose size nobody knows, is refused with 415.
@Component
@Order(Ordered.HIGHEST_PRECEDENCE)
class BodyLimit extends OncePerRequestFilter {
    private static final Pattern IMPORT = Pattern.compile("/fhir/[^/]+/\\$import");

    private final long limit;

    BodyLimit(NodeProperties node) {
        this.limit = node.maxBody().toBytes();
    }

    @Override
    protected void doFilterInternal(
            HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        if (isEncoded(request)) {
            refuseEncoded(request, response);
            return;
        }
        if (isStreamed(request)) {
            chain.doFilter(request, response);
            return;
        }
        if (request.getContentLengthLong() > limit) {
            refuse(request, response);
            return;
        }
        var counted = new Counted(request, response);
        try {
            chain.doFilter(counted, response);
        } catch (IOException | ServletException | RuntimeException e) {
            // Whoever was reading failed, or could not answer any more.
            if (!counted.exceeded) {
                throw e;
            }
        }
    }

    /// What is imported goes to the disk as it comes, and is measured there.
    private static boolean isStreamed(HttpServletRequest request) {
        return IMPORT.matcher(request.getRequestURI()).matches();
    }

    private static boolean isEncoded(HttpServletRequest request) {
        return Collections.list(request.getHeaders(HttpHeaders.CONTENT_ENCODING)).stream()
                .anyMatch(coding -> !coding.strip().equalsIgnoreCase("identity"));
    }

    private static void refuseEncoded(HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        response.setHeader(HttpHeaders.ACCEPT_ENCODING, "identity");
        Problems.send(
                request,
                response,
                HttpStatus.UNSUPPORTED_MEDIA_TYPE,
                "unsupported-encoding",
                "not-supported",
                "send the body as it is, without Content-Encoding");
    }

    private void refuse(HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        Problems.send(
                request,
                response,
                HttpStatus.CONTENT_TOO_LARGE,
                "body-too-large",
                "too-long",
                "the request body is larger than the " + limit + " bytes this node accepts");
    }

    private final class Counted extends HttpServletRequestWrapper {
        private final HttpServletRequest request;
        private final HttpServletResponse response;
        private long read;
        private boolean exceeded;

        Counted(HttpServletRequest request, HttpServletResponse response) {
            super(request);
            this.request = request;
            this.response = response;
        }

        @Override
        public ServletInputStream getInputStream() throws IOException {
            var body = super.getInputStream();
            return new ServletInputStream() {
                @Override
                public int read() throws IOException {
                    var next = body.read();
                    count(next < 0 ? 0 : 1);
                    return next;
                }

                @Override
                public int read(byte[] target, int offset, int length) throws IOException {
                    var count = body.read(target, offset, length);
                    count(Math.max(0, count));
                    return count;
                }

                @Override
                public boolean isFinished() {
                    return body.isFinished();
                }

                @Override
                public boolean isReady() {
                    return body.isReady();
                }

                @Override
                public void setReadListener(ReadListener listener) {
                    body.setReadListener(listener);
                }
            };
        }

        @Override
        public BufferedReader getReader() throws IOException {
            var encoding = getCharacterEncoding();
            var charset = encoding == null ? StandardCharsets.UTF_8 : Charset.forName(encoding);
            return new BufferedReader(new InputStreamReader(getInputStream(), charset));
        }

        private void count(int bytes) throws IOException {
            read += bytes;
            if (read > limit) {
                if (!exceeded && !response.isCommitted()) {
                    // The answer is given here and now: what reads takes this for a broken body,
                    // and would say so.
                    exceeded = true;
                    response.reset();
                    refuse(request, response);
                    response.getOutputStream().close();
                }
                throw new IOException("the request body is larger than allowed");
            }
        }
    }
}
