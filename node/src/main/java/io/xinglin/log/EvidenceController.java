package io.xinglin.log;

import io.xinglin.tlog.Checkpoint;
import io.xinglin.tlog.SignedNote;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/// The evidence against logs for everyone: whoever is accused, and whoever relies on them, can check it.
@RestController
class EvidenceController {
    private static final int SHOWN_MAX = 100;

    private final Evidences evidences;

    EvidenceController(Evidences evidences) {
        this.evidences = evidences;
    }

    /// A piece of evidence; its verdict is computed from the two notes each time.
    record View(
            UUID id,
            String member,
            String vkey,
            String verdict,
            Signed first,
            Signed second,
            Instant foundAt,
            String foundBy) {
        static View of(Evidence evidence) {
            return new View(
                    evidence.id(),
                    evidence.member().value(),
                    evidence.vkey(),
                    evidence.judgement().name().toLowerCase(Locale.ROOT),
                    Signed.of(evidence.pair().first()),
                    Signed.of(evidence.pair().second()),
                    evidence.foundAt(),
                    evidence.foundBy());
        }
    }

    /// A signed checkpoint, and what it says.
    record Signed(String origin, long size, String root, String note) {
        static Signed of(SignedNote note) {
            var said = Checkpoint.parse(note.text());
            return new Signed(
                    said.origin(), said.size().value(), said.root().toString(), note.toString());
        }
    }

    /// The newest 100.
    @GetMapping(path = "/log/evidence", produces = MediaType.APPLICATION_JSON_VALUE)
    List<View> evidence() {
        return evidences.latest(SHOWN_MAX).stream().map(View::of).toList();
    }
}
