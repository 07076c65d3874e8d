package io.xinglin.explorer;

import io.xinglin.contracts.MemberId;
import io.xinglin.ledger.LedgerStatus;
import io.xinglin.ledger.MemberHead;
import io.xinglin.ledger.MemberHead.Agreement;
import io.xinglin.web.Words;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// What an operator should know first: all that is wrong, the worst at the top, or that nothing is.
final class Alarms {
    private static final long DAYS_WARN = 30;
    private static final long DAYS_BAD = 7;

    private final Words words;
    private final Function<MemberId, String> names;
    private final Instant now;
    private final List<Alarm> found = new ArrayList<>();

    private Alarms(Words words, Function<MemberId, String> names, Instant now) {
        this.words = words;
        this.names = names;
        this.now = now;
    }

    /// One thing that is wrong, or well.
    ///
    /// @param level `ok`, `info`, `warn` or `bad`
    /// @param cause in the words of the program, or empty
    record Alarm(String level, String title, String text, String cause) {}

    /// @param names tells what a member is called
    static List<Alarm> of(
            LedgerStatus status,
            List<MemberHead> heads,
            Words words,
            Function<MemberId, String> names,
            Instant now) {
        var alarms = new Alarms(words, names, now);
        status.stopped().ifPresent(alarms::stopped);
        heads.forEach(alarms::member);
        status.channel().ifPresent(alarms::channel);
        if (alarms.found.isEmpty()) {
            alarms.allIsWell(status, heads);
        }
        alarms.found.sort(Comparator.comparing(it -> !it.level().equals("bad")));
        return alarms.found;
    }

    /// Whole days; -1 for what is over.
    static long days(Instant now, Instant end) {
        return end.isAfter(now) ? Duration.between(now, end).toDays() : -1;
    }

    private void allIsWell(LedgerStatus status, List<MemberHead> heads) {
        if (status.channel().isEmpty()) {
            add("ok", "alone");
        } else if (heads.stream().anyMatch(it -> it.agreement() == Agreement.UNASKED)) {
            add("info", "asking");
        } else {
            add("ok", "same");
        }
    }

    private void stopped(String cause) {
        add("bad", "stopped", cause);
    }

    private void member(MemberHead head) {
        if (head.agreement() == Agreement.DIFFERS) {
            add("bad", "differs", "", names.apply(head.member()));
        } else if (head.agreement() == Agreement.SILENT) {
            add("warn", "silent", "", names.apply(head.member()));
        }
    }

    private void channel(LedgerStatus.Channel channel) {
        if (channel.answering() == 0) {
            add("warn", "peers");
        }
        certificate(channel.certificateEnds(), Optional.empty());
        for (var peer : channel.peers()) {
            if (!peer.answers() && channel.answering() > 0) {
                add("warn", "peer", "", peer.address());
            }
            if (!peer.altered().isEmpty()) {
                add(
                        "bad",
                        "altered",
                        peer.altered().getFirst(),
                        peer.address(),
                        peer.altered().size(),
                        words.number(peer.altered().size()));
            }
            peer.certificateEnds().ifPresent(end -> certificate(end, Optional.of(peer.address())));
        }
    }

    private void certificate(Instant end, Optional<String> peer) {
        var days = days(now, end);
        if (days < DAYS_WARN) {
            var level = days < DAYS_BAD ? "bad" : "warn";
            add(
                    level,
                    peer.isPresent() ? "certificate.peer" : "certificate",
                    "",
                    days,
                    words.number(days),
                    peer.orElse(""),
                    words.day(end));
        }
    }

    private void add(String level, String name) {
        add(level, name, "");
    }

    private void add(String level, String name, String cause, Object... arguments) {
        found.add(
                new Alarm(
                        level,
                        words.say("status." + name + ".title", arguments),
                        words.say("status." + name + ".text", arguments),
                        cause));
    }
}
