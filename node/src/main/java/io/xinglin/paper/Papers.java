package io.xinglin.paper;

import io.xinglin.contracts.Member;
import io.xinglin.ledger.Ledger;
import io.xinglin.log.Examination;
import io.xinglin.log.Examination.Anchorage;
import io.xinglin.log.Receipts;
import io.xinglin.platform.NodeProperties;
import io.xinglin.tlog.Verification;
import io.xinglin.web.Words;
import jakarta.servlet.http.HttpServletRequest;
import java.nio.charset.StandardCharsets;
import java.time.ZoneId;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.springframework.context.MessageSource;
import org.springframework.http.CacheControl;
import org.springframework.http.ContentDisposition;
import org.springframework.http.HttpHeaders;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.support.RequestContextUtils;

/// Hands out receipts: as they are, or as a page that explains them.
///
/// A page says nothing that its receipt does not say, apart from what everyone may know of the members. So whoever may have the one may have the
/// other, and who may is for the caller to know.
@Component
public class Papers {
    private static final MediaType RECEIPT = MediaType.parseMediaType("text/plain;charset=utf-8");
    private static final MediaType JWS = MediaType.parseMediaType("application/jose");

    private final Receipts receipts;
    private final Ledger ledger;
    private final MessageSource messages;
    private final NodeProperties node;

    Papers(Receipts receipts, Ledger ledger, MessageSource messages, NodeProperties node) {
        this.receipts = receipts;
        this.ledger = ledger;
        this.messages = messages;
        this.node = node;
    }

    /// Answers with a receipt of ours; with the page, if the request would rather accept `application/pdf`.
    ///
    /// @param name of the file, without its ending
    /// @throws ReceiptProblem if the page is wanted and the ledger contradicts what it would say
    public ResponseEntity<byte[]> answer(String name, String receipt, HttpServletRequest request) {
        var inline = ContentDisposition.inline();
        return isPageWanted(request, RECEIPT)
                ? answer(
                        MediaType.APPLICATION_PDF,
                        inline.filename(name + ".pdf").build(),
                        explain(name, receipt, RequestContextUtils.getLocale(request)))
                : answer(
                        RECEIPT,
                        inline.filename(name + ".tlog-proof").build(),
                        receipt.getBytes(StandardCharsets.UTF_8));
    }

    /// Answers with the certificate of an erasure: as it is signed, or as a page, if the request would rather accept `application/pdf`.
    ///
    /// @param name of the file, without its ending
    /// @param jws the certificate, a compact JWS of an organisation of this node
    public ResponseEntity<byte[]> certificate(String name, String jws, HttpServletRequest request) {
        var attached = ContentDisposition.attachment();
        return isPageWanted(request, JWS)
                ? answer(
                        MediaType.APPLICATION_PDF,
                        attached.filename(name + ".pdf").build(),
                        certificate(name, jws, RequestContextUtils.getLocale(request)))
                : answer(
                        JWS,
                        attached.filename(name + ".jws").build(),
                        jws.getBytes(StandardCharsets.US_ASCII));
    }

    /// Answers with the page of a certificate, to be kept as a file.
    public ResponseEntity<byte[]> downloadCertificate(String name, String jws, Locale locale) {
        return answer(
                MediaType.APPLICATION_PDF,
                ContentDisposition.attachment().filename(name + ".pdf").build(),
                certificate(name, jws, locale));
    }

    private byte[] certificate(String name, String jws, Locale locale) {
        var words = new Words(messages, locale, ZoneId.systemDefault());
        var explanation = new Certificate(words, node.url().toString()).explain(jws, name + ".jws");
        synchronized (this) {
            return Sheet.print(explanation);
        }
    }

    /// Answers with the page about a receipt that somebody brings, to be kept as a file.
    ///
    /// @throws IllegalArgumentException if it is not a receipt
    /// @throws ReceiptProblem if it does not prove what it says, or the ledger contradicts it
    public ResponseEntity<byte[]> download(String name, String receipt, Locale locale) {
        return answer(
                MediaType.APPLICATION_PDF,
                ContentDisposition.attachment().filename(name + ".pdf").build(),
                explain(name, receipt, locale));
    }

    private static ResponseEntity<byte[]> answer(
            MediaType type, ContentDisposition disposition, byte[] body) {
        return ResponseEntity.ok()
                .contentType(type)
                .cacheControl(CacheControl.noStore())
                .header(HttpHeaders.CONTENT_DISPOSITION, disposition.toString())
                .body(body);
    }

    private byte[] explain(String name, String receipt, Locale locale) {
        var found = receipts.examine(receipt);
        var words = new Words(messages, locale, ZoneId.systemDefault());
        var explanation =
                new Explainer(found, owner(found), words, ledger.members())
                        .explain(receipt, name + ".tlog-proof", node.url() + "/explorer/receipt");
        // One after the other: they share a typeface, and should not take the whole machine.
        synchronized (this) {
            return Sheet.print(explanation);
        }
    }

    private static Member owner(Examination found) {
        if (found.verdict() instanceof Verification.Invalid(var where)) {
            throw ReceiptProblem.doesNotVerify(found.head().origin(), where);
        }
        if (found.anchorage() instanceof Anchorage.Contradicted(var by)) {
            throw ReceiptProblem.contradictedByLedger(found.head(), by);
        }
        return found.member().orElseThrow();
    }

    // Which of the two.

    private static boolean isPageWanted(HttpServletRequest request, MediaType otherwise) {
        var accepted = accepted(request);
        return quality(accepted, MediaType.APPLICATION_PDF) > quality(accepted, otherwise);
    }

    private static List<MediaType> accepted(HttpServletRequest request) {
        try {
            return MediaType.parseMediaTypes(
                    Collections.list(request.getHeaders(HttpHeaders.ACCEPT)));
        } catch (InvalidMediaTypeException _) {
            return List.of();
        }
    }

    /// How welcome a type is; the most specific of what is accepted decides.
    ///
    /// @spec https://www.rfc-editor.org/rfc/rfc9110#section-12.5.1 RFC 9110, section 12.5.1
    private static double quality(List<MediaType> accepted, MediaType type) {
        return accepted.stream()
                .filter(it -> it.includes(type))
                .max(Comparator.comparing(it -> it.isConcrete() ? 2 : it.isWildcardType() ? 0 : 1))
                .map(MediaType::getQualityValue)
                .orElse(0.0);
    }
}
