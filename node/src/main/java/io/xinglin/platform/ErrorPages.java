package io.xinglin.platform;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.List;
import java.util.Map;
import org.springframework.boot.webmvc.autoconfigure.error.AbstractErrorController;
import org.springframework.boot.webmvc.autoconfigure.error.ErrorViewResolver;
import org.springframework.boot.webmvc.error.ErrorAttributes;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.servlet.ModelAndView;

/// The last resort for errors outside a controller: a page for a browser, a problem for a program.
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
    ResponseEntity<ProblemDetail> problem(HttpServletRequest request) {
        return ResponseEntity.of(ProblemDetail.forStatus(getStatus(request))).build();
    }
}
