package io.xinglin.records;

import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/// Describes an organisation's API to whoever asks, as its capability statement does.
@RestController
class OpenApiController {
    private final FhirApi api;
    private final Capabilities capabilities;

    OpenApiController(FhirApi api, Capabilities capabilities) {
        this.api = api;
        this.capabilities = capabilities;
    }

    @GetMapping(path = "/fhir/{org}/openapi.json", produces = MediaType.APPLICATION_JSON_VALUE)
    byte[] openApi(@PathVariable String org) {
        return OpenApi.of(capabilities.of(api.custodian(org)));
    }
}
