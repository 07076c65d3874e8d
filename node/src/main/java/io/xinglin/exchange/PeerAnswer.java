package io.xinglin.exchange;

import org.springframework.http.HttpStatusCode;

/// What another member answered: a FHIR resource, or an `OperationOutcome` with the status of an error.
public final class PeerAnswer {
    private final HttpStatusCode status;
    private final byte[] body;

    PeerAnswer(HttpStatusCode status, byte[] body) {
        this.status = status;
        this.body = body;
    }

    /// Its status.
    public HttpStatusCode status() {
        return status;
    }

    /// Its body, FHIR JSON.
    public byte[] body() {
        return body.clone();
    }

    @Override
    public String toString() {
        return "PeerAnswer[" + status + ", redacted]";
    }
}
