package io.xinglin.ledger;

import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;

/// What was committed last, so that those who follow need not read it from the database and parse it again.
///
/// One thread adds; any number read.
final class RecentEvents {
    private static final int EVENTS_MAX = 4_096;
    private static final int CHARACTERS_MAX = 4 * 1024 * 1024;

    private final NavigableMap<Position, LedgerEvent> events = new ConcurrentSkipListMap<>();
    private volatile Position since;
    private int count;
    private int characters;

    /// @param height how many blocks there are already, none of them remembered
    RecentEvents(long height) {
        this.since = new Position(height, -1);
    }

    /// Adds the events of the next block.
    void add(List<LedgerEvent> block) {
        for (var event : block) {
            events.put(event.position(), event);
            count++;
            characters += length(event);
        }
        while (count > EVENTS_MAX || characters > CHARACTERS_MAX) {
            var first = events.firstEntry().getValue();
            // Whoever reads meanwhile sees this before the event is missing.
            since = first.position();
            events.remove(first.position());
            count--;
            characters -= length(first);
        }
    }

    /// Forgets all.
    void restart(long height) {
        since = new Position(height, -1);
        events.clear();
        count = 0;
        characters = 0;
    }

    /// The first events after a position; empty if what follows it is not remembered.
    Optional<List<LedgerEvent>> after(Position position, int most) {
        var found = events.tailMap(position, false).values().stream().limit(most).toList();
        return position.compareTo(since) >= 0 ? Optional.of(found) : Optional.empty();
    }

    private static int length(LedgerEvent event) {
        return event.transaction().jws().length();
    }
}
