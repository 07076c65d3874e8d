package io.xinglin.records;

import ca.uhn.fhir.rest.server.HardcodedServerAddressStrategy;
import ca.uhn.fhir.rest.server.RestfulServer;
import ca.uhn.fhir.rest.server.tenant.UrlBaseTenantIdentificationStrategy;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.hl7.fhir.r4.model.Resource;

/// HAPI's plain server with all types of R4, one tenant an organisation: `/fhir/{org}/Patient/17`.
final class FhirServer extends RestfulServer {
    private static final long serialVersionUID = 1;
    private static final String PATH = "/fhir";

    FhirServer(FhirApi api, Capabilities capabilities) {
        super(R4.context());
        setServerAddressStrategy(new HardcodedServerAddressStrategy(api.base()));
        setTenantIdentificationStrategy(new UrlBaseTenantIdentificationStrategy());
        setServerConformanceProvider(capabilities);
        setDefaultResponseEncoding(ca.uhn.fhir.rest.api.EncodingEnum.JSON);
        setUncompressIncomingContents(false);
        registerProvider(new SystemInteractions());
        for (var type : R4.types()) {
            var implementation = R4.context().getResourceDefinition(type).getImplementingClass();
            registerProvider(new ResourceInteractions<>(implementation.asSubclass(Resource.class)));
        }
        registerInterceptor(new StoredForm(api));
    }

    /// Answers a request that was routed here by its path, which the server wants to see as a servlet of its own would.
    void answer(HttpServletRequest request, HttpServletResponse response)
            throws ServletException, IOException {
        service(
                new HttpServletRequestWrapper(request) {
                    /// To HEAD what GET would be answered; the container leaves out the body.
                    @Override
                    public String getMethod() {
                        return super.getMethod().equals("HEAD") ? "GET" : super.getMethod();
                    }

                    @Override
                    public String getServletPath() {
                        return PATH;
                    }

                    @Override
                    public String getPathInfo() {
                        return getRequestURI().substring(getContextPath().length() + PATH.length());
                    }
                },
                response);
    }

    /// Nobody needs to know what this is built with.
    @Override
    public void addHeadersToResponse(HttpServletResponse response) {}
}
