package io.xinglin.log;

import io.xinglin.contracts.Anchor;
import io.xinglin.contracts.Member;
import io.xinglin.contracts.MemberId;
import io.xinglin.contracts.MemberWitness;
import io.xinglin.ledger.Ledger;
import io.xinglin.platform.Ticker;
import io.xinglin.tlog.Checkpoint;
import io.xinglin.tlog.CosignatureVerifier;
import io.xinglin.tlog.Hash;
import io.xinglin.tlog.MalformedLogData;
import io.xinglin.tlog.NoteVerifier;
import io.xinglin.tlog.SignedNote;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import org.springframework.stereotype.Component;

/// The members on the consortium's ledger, asked at most once a second. Keys that are none are left out: the contracts check
/// their form only. A suspended member's log is still watched and witnessed, but it witnesses nothing.
@Component
class LedgerMembers implements Members {
    private static final long FRESH_NANOS = Duration.ofSeconds(1).toNanos();

    private final Ledger ledger;
    private final Ticker ticker;
    private volatile Known known;

    LedgerMembers(Ledger ledger, Ticker ticker) {
        this.ledger = ledger;
        this.ticker = ticker;
        this.known = new Known(List.of(), List.of(), ticker.nanos() - FRESH_NANOS);
    }

    private record Known(List<KnownLog> logs, List<KnownWitness> witnesses, long since) {}

    @Override
    public List<KnownLog> logs() {
        return known().logs();
    }

    @Override
    public List<KnownWitness> witnesses() {
        return known().witnesses();
    }

    @Override
    public Optional<SignedNote> anchored(MemberId member, long size) {
        return ledger.anchor(member, size).flatMap(LedgerMembers::note);
    }

    @Override
    public Optional<SignedNote> lastAnchored(MemberId member) {
        return ledger.latestAnchor(member).flatMap(LedgerMembers::note);
    }

    private static Optional<SignedNote> note(Anchor anchor) {
        try {
            var note = SignedNote.parse(anchor.checkpoint());
            Checkpoint.parse(note.text());
            return Optional.of(note);
        } catch (MalformedLogData _) {
            return Optional.empty();
        }
    }

    private Known known() {
        var last = known;
        if (ticker.nanos() - last.since() < FRESH_NANOS) {
            return last;
        }
        var members = ledger.members();
        var active = members.stream().filter(it -> !ledger.isSuspended(it.id())).toList();
        var now = new Known(logs(members), witnesses(active), ticker.nanos());
        known = now;
        return now;
    }

    private static List<KnownLog> logs(List<Member> members) {
        return members.stream().flatMap(member -> log(member).stream()).toList();
    }

    private static Optional<KnownLog> log(Member member) {
        try {
            var key = NoteVerifier.of(member.log().vkey());
            return key.name().equals(member.log().origin())
                    ? Optional.of(new KnownLog(member.id(), member.log().url(), key))
                    : Optional.empty();
        } catch (MalformedLogData _) {
            return Optional.empty();
        }
    }

    /// Who takes another's key for their own must not make it count twice.
    private static List<KnownWitness> witnesses(List<Member> members) {
        var keys = new HashSet<Hash>();
        var witnesses = new ArrayList<KnownWitness>();
        for (var member : members) {
            member.witness()
                    .flatMap(it -> witness(member.id(), it))
                    .filter(it -> keys.add(Hash.of(it.key().publicKey())))
                    .ifPresent(witnesses::add);
        }
        return List.copyOf(witnesses);
    }

    private static Optional<KnownWitness> witness(MemberId member, MemberWitness said) {
        try {
            var key = CosignatureVerifier.of(said.vkey());
            return Optional.of(new KnownWitness(member, said.url(), key));
        } catch (MalformedLogData _) {
            return Optional.empty();
        }
    }
}
