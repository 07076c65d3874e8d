package io.xinglin.platform;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.springframework.boot.webmvc.autoconfigure.error.AbstractErrorController;
import org.springframework.boot.webmvc.autoconfigure.error.ErrorViewResolver;
import org.springframework.boot.webmvc.error.ErrorAttributes;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.servlet.ModelAndView;

/// The last resort for errors outside a controller: a page for a browser, a problem or an `OperationOutcome` for a program.
@Controller
@RequestMapping("/error")
class ErrorPages extends AbstractErrorController {
    ErrorPages(ErrorAttributes attributes, List<ErrorViewResolver> resolvers) {
        super(attributes, resolvers);
    }

    @RequestMapping(produces = MediaType.TEXT_HTML_VALUE)
    ModelAndView page(HttpServletRequest request, HttpServletResponse response) {
        var status = getStatus(request);
        response.setStatus(status.value());
        var page = resolveErrorView(request, response, status, Map.of("status", status.value()));
        return page != null ? page : new ModelAndView("error", Map.of("status", status.value()));
    }

    @RequestMapping
    void problem(HttpServletRequest request, HttpServletResponse response) throws IOException {
        var status = getStatus(request);
        var words = Words.of(status);
        Problems.send(request, response, status, words.slug, words.issueType, words.detail);
    }

    /// The stable name of what went wrong, where nothing more is known than this.
    static String slug(HttpStatusCode status) {
        return Words.of(HttpStatus.valueOf(status.value())).slug;
    }

    private record Words(String slug, String issueType, String detail) {
        static Words of(HttpStatus status) {
            if (status.is5xxServerError()) {
                return new Words("failed", "exception", RestErrors.UNFORESEEN);
            }
            return switch (status) {
                case NOT_FOUND ->
                        new Words("not-found", "not-found", "there is nothing at this address");
                case METHOD_NOT_ALLOWED ->
                        new Words(
                                "method-not-allowed",
                                "not-supported",
                                "this address does not take this method");
                default -> new Words("malformed-request", "invalid", RefusedRequests.UNREADABLE);
            };
        }
    }
}
