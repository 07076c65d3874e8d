package io.xinglin.tlog;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/// Entries one after the other, each behind its length in two bytes.
///
/// @spec https://c2sp.org/tlog-tiles#log-entries tlog-tiles, Log entries
public final class EntryBundle {
    /// The longest entry that a bundle can hold.
    public static final int ENTRY_BYTES_MAX = 0xFFFF;

    private EntryBundle() {}

    /// Writes entries as a bundle.
    public static byte[] format(List<byte[]> entries) {
        var length = entries.stream().mapToInt(entry -> Short.BYTES + checked(entry).length).sum();
        var bundle = ByteBuffer.allocate(length);
        entries.forEach(entry -> bundle.putShort((short) entry.length).put(entry));
        return bundle.array();
    }

    /// Reads a bundle of at most 256 entries.
    public static List<byte[]> parse(byte[] bundle) {
        var entries = new ArrayList<byte[]>();
        for (var rest = ByteBuffer.wrap(bundle); rest.hasRemaining(); ) {
            if (entries.size() == TilePath.FULL) {
                throw new MalformedLogData("an entry bundle has more than 256 entries");
            }
            var length = rest.remaining() < Short.BYTES ? -1 : rest.getShort() & 0xFFFF;
            if (length < 0 || length > rest.remaining()) {
                throw new MalformedLogData("an entry bundle ends inside an entry");
            }
            var entry = new byte[length];
            rest.get(entry);
            entries.add(entry);
        }
        return entries;
    }

    static byte[] checked(byte[] entry) {
        if (entry.length > ENTRY_BYTES_MAX) {
            throw new MalformedLogData("an entry is at most 65535 bytes");
        }
        return entry;
    }
}
