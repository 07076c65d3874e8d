package io.xinglin.explorer;

import io.xinglin.platform.Problems;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;

/// The stream of server-sent events that lets pages refresh themselves: `block` and `checkpoint`, at most one of each a second.
///
/// Each connection is a virtual thread that writes, so a slow browser holds up nobody else. A browser that is gone shows at the
/// next write, five seconds later at most; a connection ends after ten minutes in any case, and browsers come back by themselves.
///
/// @spec https://html.spec.whatwg.org/multipage/server-sent-events.html Server-sent events
@Controller
class LiveController {
    static final int CONNECTIONS_MAX = 256;
    static final int CONNECTIONS_MAX_AN_ADDRESS = 24;
    private static final long HEARTBEAT_MILLIS = 5_000;
    private static final long PAUSE_MILLIS = 1_000;
    private static final long LIFETIME_NANOS = Duration.ofMinutes(10).toNanos();
    private static final String RETRY_SECONDS = "30";

    private final Live live;
    private final Semaphore free = new Semaphore(CONNECTIONS_MAX);
    private final Map<String, Integer> addresses = new ConcurrentHashMap<>();

    LiveController(Live live) {
        this.live = live;
    }

    /// How many listen now.
    int connections() {
        return CONNECTIONS_MAX - free.availablePermits();
    }

    @GetMapping("/explorer/live")
    void live(HttpServletRequest request, HttpServletResponse response)
            throws IOException, InterruptedException {
        var address = request.getRemoteAddr();
        if (!enter(address)) {
            refuse(request, response, HttpStatus.TOO_MANY_REQUESTS);
            return;
        }
        try {
            if (free.tryAcquire()) {
                try {
                    stream(response);
                } finally {
                    free.release();
                }
            } else {
                refuse(request, response, HttpStatus.SERVICE_UNAVAILABLE);
            }
        } finally {
            leave(address);
        }
    }

    private boolean enter(String address) {
        if (addresses.merge(address, 1, Integer::sum) <= CONNECTIONS_MAX_AN_ADDRESS) {
            return true;
        }
        leave(address);
        return false;
    }

    private void leave(String address) {
        addresses.computeIfPresent(address, (_, count) -> count == 1 ? null : count - 1);
    }

    private void stream(HttpServletResponse response) throws InterruptedException {
        try {
            tell(response);
        } catch (IOException _) {
            // The browser is gone.
        }
    }

    private void tell(HttpServletResponse response) throws IOException, InterruptedException {
        response.setContentType(MediaType.TEXT_EVENT_STREAM_VALUE);
        response.setCharacterEncoding(StandardCharsets.UTF_8);
        response.setHeader(HttpHeaders.CACHE_CONTROL, "no-store");
        // Proxies that gather answers would keep the events back.
        response.setHeader("X-Accel-Buffering", "no");
        var end = System.nanoTime() + LIFETIME_NANOS;
        var seen = live.now();
        write(response, "retry: 3000\n\n");
        while (!seen.over() && System.nanoTime() - end < 0) {
            var next = live.after(seen, HEARTBEAT_MILLIS);
            write(response, next.equals(seen) ? ":\n\n" : events(seen, next));
            if (!next.equals(seen)) {
                Thread.sleep(PAUSE_MILLIS);
            }
            seen = next;
        }
    }

    private static String events(Live.Moment seen, Live.Moment next) {
        var events = new StringBuilder();
        if (next.block() > seen.block()) {
            events.append("event: block\ndata: ").append(next.block()).append("\n\n");
        }
        if (next.checkpoints() > seen.checkpoints()) {
            events.append("event: checkpoint\ndata: ").append(next.checkpoints()).append("\n\n");
        }
        return events.isEmpty() ? ":\n\n" : events.toString();
    }

    private static void write(HttpServletResponse response, String text) throws IOException {
        response.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
        response.flushBuffer();
    }

    private static void refuse(
            HttpServletRequest request, HttpServletResponse response, HttpStatus status)
            throws IOException {
        response.setHeader(HttpHeaders.RETRY_AFTER, RETRY_SECONDS);
        Problems.send(
                request,
                response,
                status,
                "too-many-listeners",
                "throttled",
                "too many pages listen for news already; this one can ask again later");
    }
}
