package io.xinglin.log;

import io.xinglin.contracts.MemberId;
import io.xinglin.tlog.AddCheckpoint;
import io.xinglin.tlog.WitnessAnswer;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.springframework.http.CacheControl;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/// The witnesses for everyone: logs ask for cosignatures, monitors for what was cosigned.
///
/// @spec https://c2sp.org/tlog-witness tlog-witness
@RestController
class WitnessController {
    private static final MediaType TEXT = new MediaType("text", "plain", StandardCharsets.UTF_8);
    private static final MediaType SIZE = MediaType.parseMediaType(WitnessAnswer.OtherSize.TYPE);

    private final Witnesses witnesses;

    WitnessController(Witnesses witnesses) {
        this.witnesses = witnesses;
    }

    @PostMapping("/log/{org}/add-checkpoint")
    ResponseEntity<byte[]> add(@PathVariable String org, HttpServletRequest request)
            throws IOException {
        var witness = witness(org);
        // One byte more than allowed is enough to know.
        var body = request.getInputStream().readNBytes(AddCheckpoint.LENGTH_MAX + 1);
        if (body.length > AddCheckpoint.LENGTH_MAX) {
            throw WitnessProblem.tooLarge(AddCheckpoint.LENGTH_MAX);
        }
        return switch (witnesses.answer(witness, decoded(body))) {
            case WitnessAnswer.Cosigned cosigned -> text(200, TEXT, cosigned.body());
            case WitnessAnswer.OtherSize other -> text(other.status(), SIZE, other.body());
            case WitnessAnswer.Malformed(var why) -> throw WitnessProblem.malformed(why);
            case WitnessAnswer.Unsigned(var why) -> throw WitnessProblem.unsigned(why);
            case WitnessAnswer.UnknownLog() -> throw WitnessProblem.unknownLog();
            case WitnessAnswer.Inconsistent(var why) -> throw WitnessProblem.inconsistent(why);
        };
    }

    /// What this witness cosigned last of the log whose origin has this SHA-256.
    @GetMapping("/log/{org}/{originHash:[0-9a-f]{64}}/checkpoint")
    ResponseEntity<byte[]> checkpoint(@PathVariable String org, @PathVariable String originHash) {
        return witnesses
                .latest(witness(org), originHash)
                .map(note -> text(200, TEXT, note.toString()))
                .orElseThrow(() -> new NotInLog("this witness has cosigned nothing of that log"));
    }

    private MemberId witness(String org) {
        return LogController.member(org)
                .filter(witnesses::has)
                .orElseThrow(() -> new NotInLog("this node has no witness of that name"));
    }

    private static String decoded(byte[] body) {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body)).toString();
        } catch (CharacterCodingException _) {
            throw WitnessProblem.malformed("the request is not UTF-8");
        }
    }

    private static ResponseEntity<byte[]> text(int status, MediaType type, String body) {
        return ResponseEntity.status(status)
                .contentType(type)
                .cacheControl(CacheControl.noStore())
                .body(body.getBytes(StandardCharsets.UTF_8));
    }
}
