package io.xinglin.log;

import io.xinglin.contracts.MemberId;
import io.xinglin.tlog.TilePath;
import io.xinglin.tlog.TileStore;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import org.springframework.http.CacheControl;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/// The logs for everyone: what a monitor, a witness or a verifier fetches.
///
/// @spec https://c2sp.org/tlog-tiles tlog-tiles
@RestController
class LogController {
    private static final MediaType TEXT = new MediaType("text", "plain", StandardCharsets.UTF_8);
    private static final CacheControl FOR_EVER =
            CacheControl.maxAge(Duration.ofDays(365)).cachePublic().immutable();
    private static final CacheControl FOR_A_MOMENT =
            CacheControl.maxAge(Duration.ofSeconds(1)).cachePublic();

    private final LogFiles files;
    private final CosignedHeads heads;

    LogController(LogFiles files, CosignedHeads heads) {
        this.files = files;
        this.heads = heads;
    }

    /// The newest checkpoint that enough witnesses cosigned.
    @GetMapping("/log/{org}/checkpoint")
    ResponseEntity<byte[]> checkpoint(@PathVariable String org) {
        return member(org)
                .flatMap(heads::published)
                .map(head -> head.note().getBytes(StandardCharsets.UTF_8))
                .map(note -> answer(TEXT, FOR_A_MOMENT, note))
                .orElseThrow(() -> new NotInLog("this node keeps no log of that name"));
    }

    /// Tiles and entry bundles.
    @GetMapping("/log/{org}/tile/{*path}")
    ResponseEntity<byte[]> tile(@PathVariable String org, @PathVariable String path) {
        var wanted = TilePath.parse("tile" + path);
        return wanted.flatMap(tile -> log(org).flatMap(log -> log.read(tile)))
                .map(content -> answer(MediaType.APPLICATION_OCTET_STREAM, FOR_EVER, content))
                .orElseThrow(() -> new NotInLog("the log has no such tile"));
    }

    private Optional<TileStore> log(String org) {
        return member(org).map(files::of);
    }

    static Optional<MemberId> member(String org) {
        try {
            return Optional.of(new MemberId(org));
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    private static ResponseEntity<byte[]> answer(
            MediaType type, CacheControl cache, byte[] content) {
        return ResponseEntity.ok().contentType(type).cacheControl(cache).body(content);
    }
}
