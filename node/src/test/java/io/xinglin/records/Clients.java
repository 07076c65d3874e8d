package io.xinglin.records;

import static io.xinglin.Consortium.CITY;

import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.rest.api.EncodingEnum;
import ca.uhn.fhir.rest.client.api.IGenericClient;
import ca.uhn.fhir.rest.client.api.ServerValidationModeEnum;
import ca.uhn.fhir.rest.client.interceptor.BearerTokenAuthInterceptor;
import io.xinglin.Outside;
import io.xinglin.identity.Caller;

/// HAPI's client of City First Hospital.
final class Clients {
    private Clients() {}

    static IGenericClient client(Outside outside, EncodingEnum form, Caller caller) {
        var client = nobody(outside, form);
        client.registerInterceptor(new BearerTokenAuthInterceptor(outside.token(caller)));
        return client;
    }

    /// Without a token.
    static IGenericClient nobody(Outside outside, EncodingEnum form) {
        var context = FhirContext.forR4Cached();
        context.getRestfulClientFactory().setServerValidationMode(ServerValidationModeEnum.NEVER);
        var client = context.newRestfulGenericClient(outside.base(CITY));
        client.setEncoding(form);
        return client;
    }
}
