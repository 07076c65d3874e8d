package io.xinglin.platform;

import java.io.IOException;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ErrorReportValve;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;

/// Answers requests that Tomcat refuses before any filter sees them, such as an encoded slash in a path, in the form of all other errors.
@Component
class RefusedRequests implements WebServerFactoryCustomizer<TomcatServletWebServerFactory> {
    static final String UNREADABLE =
            "the server does not take this request: its method, headers or path are not as they should be";

    @Override
    public void customize(TomcatServletWebServerFactory factory) {
        factory.addContextCustomizers(
                context -> context.getParent().getPipeline().addValve(new ProblemValve()));
    }

    /// Tomcat's page of errors, as a problem or an `OperationOutcome`.
    private static final class ProblemValve extends ErrorReportValve {
        @Override
        protected void report(Request request, Response response, @Nullable Throwable thrown) {
            var status = HttpStatus.resolve(response.getStatus());
            if (status == null
                    || !status.isError()
                    || response.getContentWritten() > 0
                    || !response.setErrorReported()) {
                return;
            }
            var path = request.getRequestURI() == null ? "" : request.getRequestURI();
            try {
                response.setContentType(Problems.contentType(path));
                response.setCharacterEncoding("UTF-8");
                response.getReporter()
                        .write(
                                Problems.json(
                                        path, status, "malformed-request", "invalid", UNREADABLE));
                response.finishResponse();
            } catch (IOException _) {
                // The client is gone.
            }
        }
    }
}
