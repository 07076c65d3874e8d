package io.xinglin.records;

import io.xinglin.contracts.MemberId;
import io.xinglin.identity.Callers;
import io.xinglin.identity.Identities;
import io.xinglin.log.Logs;
import io.xinglin.paper.Papers;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/// The receipt of a version: proof that it is in the organisation's log, to be verified by anyone without asking us.
///
/// Whoever may read the version may have it; asking is recorded like reading, because it says the version's hash and author.
@RestController
class ReceiptController {
    private final Reader reader;
    private final Identities identities;
    private final Logs logs;
    private final Papers papers;

    ReceiptController(Reader reader, Identities identities, Logs logs, Papers papers) {
        this.reader = reader;
        this.identities = identities;
        this.logs = logs;
        this.papers = papers;
    }

    @GetMapping("/receipts/{org}/{type}/{id}/{version}")
    ResponseEntity<byte[]> receipt(
            @PathVariable String org,
            @PathVariable String type,
            @PathVariable String id,
            @PathVariable String version,
            HttpServletRequest request) {
        var wanted = wanted(org, type, id, version).orElseThrow(ReceiptUnavailable::none);
        var entry =
                switch (reader.read(Callers.current(), wanted)) {
                    case Reader.Answer.Found<Reader.Entry>(var found) -> found;
                    case Reader.Answer.Refused<Reader.Entry>() ->
                            throw ReceiptUnavailable.refused();
                    case Reader.Answer.Missing<Reader.Entry>() -> throw ReceiptUnavailable.none();
                };
        return logs.receipt(
                        wanted.resource().custodian(),
                        entry.row().entry(),
                        entry.version().opening())
                .map(receipt -> papers.answer(name(wanted), receipt, request))
                .orElseThrow(ReceiptUnavailable::notYet);
    }

    private static String name(VersionId id) {
        return "%s-%s-%s".formatted(id.resource().type(), id.resource().id(), id.number());
    }

    private Optional<VersionId> wanted(String org, String type, String id, String version) {
        var custodian =
                identities.hosted().stream()
                        .filter(member -> member.value().equals(org))
                        .findFirst();
        if (custodian.isEmpty()
                || R4.type(type).isEmpty()
                || !ResourceId.isId(id)
                || !version.matches("[1-9]\\d{0,8}")) {
            return Optional.empty();
        }
        MemberId member = custodian.get();
        return Optional.of(new ResourceId(member, type, id).version(Integer.parseInt(version)));
    }

    /// Why there is no receipt.
    static final class ReceiptUnavailable extends org.springframework.web.ErrorResponseException {
        private static final long serialVersionUID = 1;

        private ReceiptUnavailable(HttpStatus status, String slug, String detail) {
            super(status);
            setType(java.net.URI.create("/problems/" + slug));
            setDetail(detail);
        }

        static ReceiptUnavailable none() {
            return new ReceiptUnavailable(
                    HttpStatus.NOT_FOUND, "unknown-version", "There is no such version here.");
        }

        static ReceiptUnavailable refused() {
            return new ReceiptUnavailable(
                    HttpStatus.FORBIDDEN,
                    "not-permitted",
                    "The patient's consent does not cover this, or there is no such version.");
        }

        static ReceiptUnavailable notYet() {
            var unavailable =
                    new ReceiptUnavailable(
                            HttpStatus.SERVICE_UNAVAILABLE,
                            "not-yet-in-the-log",
                            "The version is stored; its place in the log is signed within a second.");
            unavailable.getHeaders().set(HttpHeaders.RETRY_AFTER, "1");
            return unavailable;
        }
    }
}
