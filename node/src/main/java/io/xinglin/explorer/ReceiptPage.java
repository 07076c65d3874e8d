package io.xinglin.explorer;

import io.xinglin.contracts.KeyId;
import io.xinglin.ledger.Blocks;
import io.xinglin.ledger.Ledger;
import io.xinglin.log.Receipts;
import io.xinglin.paper.Papers;
import io.xinglin.tlog.TlogProof;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.multipart.MultipartFile;
import org.springframework.web.server.ResponseStatusException;

/// The search box, and receipts checked step by step.
///
/// What is searched for is sent in the body and not in the address: a receipt says what its entry is about.
@Controller
class ReceiptPage {
    private final Ledger ledger;
    private final Blocks blocks;
    private final Receipts receipts;
    private final Tellings tellings;
    private final Papers papers;

    ReceiptPage(Ledger ledger, Blocks blocks, Receipts receipts, Tellings tellings, Papers papers) {
        this.ledger = ledger;
        this.blocks = blocks;
        this.receipts = receipts;
        this.tellings = tellings;
        this.papers = papers;
    }

    @GetMapping({"/explorer/receipt", "/explorer/search"})
    String empty() {
        return "explorer/receipt";
    }

    @PostMapping({"/explorer/receipt", "/explorer/search"})
    String search(
            @RequestParam(defaultValue = "") String q,
            @RequestParam(required = false) @Nullable MultipartFile file,
            HttpServletResponse response,
            Model model,
            Locale locale)
            throws IOException {
        response.setHeader(HttpHeaders.CACHE_CONTROL, "no-store");
        var sought = file == null || file.isEmpty() ? Sought.of(q) : uploaded(file);
        var address = address(sought);
        if (address.isPresent()) {
            return "redirect:" + address.get();
        }
        if (sought instanceof Sought.Receipt(var text)) {
            model.addAttribute("receipt", text);
            model.addAttribute("check", check(text, tellings.in(locale)));
        } else {
            response.setStatus(HttpStatus.NOT_FOUND.value());
            model.addAttribute("notFound", kind(sought));
        }
        return "explorer/receipt";
    }

    /// The receipt on paper, for whoever has it.
    @PostMapping("/explorer/receipt/page")
    ResponseEntity<byte[]> page(@RequestParam(defaultValue = "") String q, Locale locale) {
        try {
            return papers.download("receipt", Sought.receipt(q), locale);
        } catch (IllegalArgumentException e) {
            throw new ResponseStatusException(
                    HttpStatus.UNPROCESSABLE_CONTENT, "not a receipt that proves anything", e);
        }
    }

    private ReceiptCheck check(String text, Telling telling) {
        try {
            return ReceiptCheck.of(receipts.examine(text), telling);
        } catch (IllegalArgumentException e) {
            return ReceiptCheck.unreadable(String.valueOf(e.getMessage()), telling.words());
        }
    }

    /// A file is meant to be a receipt, whatever is in it.
    private static Sought uploaded(MultipartFile file) throws IOException {
        try (var in = file.getInputStream()) {
            var bytes = in.readNBytes(TlogProof.LENGTH_MAX + 1);
            return new Sought.Receipt(
                    new String(bytes, StandardCharsets.UTF_8).replace("\r\n", "\n"));
        }
    }

    /// Where it is, if it exists.
    private Optional<String> address(Sought sought) {
        return switch (sought) {
            case Sought.Block(var number) ->
                    blocks.head(number).map(_ -> "/explorer/blocks/" + number);
            case Sought.Transaction(var id) ->
                    blocks.transaction(id).map(_ -> "/explorer/transactions/" + id);
            case Sought.Key(KeyId id) -> ledger.key(id).map(_ -> "/explorer/keys/" + id);
            case Sought.Member(var id) -> ledger.member(id).map(_ -> "/explorer/members/" + id);
            case Sought.Receipt _, Sought.Unclear() -> Optional.empty();
        };
    }

    private static String kind(Sought sought) {
        return switch (sought) {
            case Sought.Block _ -> "block";
            case Sought.Transaction _ -> "transaction";
            case Sought.Key _ -> "key";
            case Sought.Member _ -> "member";
            case Sought.Receipt _, Sought.Unclear() -> "unclear";
        };
    }
}
