package io.xinglin.log;

import io.xinglin.contracts.MemberId;
import java.util.List;
import java.util.Optional;
import org.springframework.stereotype.Component;

/// The transparency logs of the organisations on this node.
@Component
public class Logs {
    Logs() {}

    /// Adds an entry in the caller's database transaction; once that commits, the entry is never lost.
    public EntryId append(MemberId organisation, EntryKind kind, Opening opening) {
        return append(organisation, kind, List.of(opening)).getFirst();
    }

    /// Adds many entries at once, in this order.
    public List<EntryId> append(MemberId organisation, EntryKind kind, List<Opening> openings) {
        throw new UnsupportedOperationException();
    }

    /// Whether the entry is durable or about to be in this transaction.
    public boolean holds(MemberId organisation, EntryId entry) {
        throw new UnsupportedOperationException();
    }

    /// The receipt of an entry, a `.tlog-proof` whose `extra` line carries the opening; empty until the entry is in a signed tree.
    public Optional<String> receipt(MemberId organisation, EntryId entry, Opening opening) {
        throw new UnsupportedOperationException();
    }

    /// Where the log stands; empty for an organisation without a log on this node.
    public Optional<LogStatus> status(MemberId organisation) {
        throw new UnsupportedOperationException();
    }
}
