package io.xinglin.tlog;

import java.util.Optional;
import java.util.regex.Pattern;

/// How a [TilePath] is written: roughly by a pattern, exactly by what `toString` gives back.
final class TilePathForm {
    /// At most 18 digits, so that the index fits.
    private static final Pattern ROUGHLY =
            Pattern.compile(
                    "tile/(?<level>[0-9]{1,2}|entries)"
                            + "/(?<index>(?:x[0-9]{3}/){0,5}[0-9]{3})"
                            + "(?:[.]p/(?<width>[0-9]{1,3}))?");

    private TilePathForm() {}

    static Optional<TilePath> parse(String path) {
        var parts = ROUGHLY.matcher(path);
        if (!parts.matches()) {
            return Optional.empty();
        }
        var level = parts.group("level");
        var index = Long.parseLong(parts.group("index").replace("/", "").replace("x", ""));
        var width = parts.group("width") == null ? TilePath.FULL : number(parts.group("width"));
        try {
            var read =
                    level.equals("entries")
                            ? new TilePath.Entries(index, width)
                            : new TilePath.Hashes(number(level), index, width);
            return Optional.<TilePath>of(read).filter(it -> it.toString().equals(path));
        } catch (MalformedLogData _) {
            return Optional.empty();
        }
    }

    private static int number(String digits) {
        return Integer.parseInt(digits);
    }
}
