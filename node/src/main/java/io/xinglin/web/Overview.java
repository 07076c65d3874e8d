package io.xinglin.web;

import io.xinglin.contracts.Member;
import io.xinglin.contracts.MemberRole;
import io.xinglin.identity.Identities;
import io.xinglin.ledger.Ledger;
import io.xinglin.log.Logs;
import io.xinglin.web.Snapshot.Log;
import io.xinglin.web.Snapshot.Standing;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.Optional;
import org.springframework.stereotype.Component;

/// Gathers what the first page shows. None of it is personal: it is what everyone may see on the ledger and in the logs.
@Component
class Overview {
    private static final Comparator<Standing> BIGGEST_LOG_FIRST =
            Comparator.<Standing>comparingLong(s -> s.log().map(Log::size).orElse(-1L))
                    .reversed()
                    .thenComparing(s -> s.member().roles().first(), MemberRole::compareTo)
                    .thenComparing(s -> s.member().id());

    private final Ledger ledger;
    private final Logs logs;
    private final Identities identities;
    private final News news;
    private final InstantSource clock;

    Overview(Ledger ledger, Logs logs, Identities identities, News news, InstantSource clock) {
        this.ledger = ledger;
        this.logs = logs;
        this.identities = identities;
        this.news = news;
        this.clock = clock;
    }

    Snapshot snapshot() {
        var standings =
                ledger.members().stream()
                        .map(member -> new Standing(member, log(member)))
                        .sorted(BIGGEST_LOG_FIRST)
                        .toList();
        return new Snapshot(clock.instant(), ledger.height(), standings, news.latest());
    }

    private Optional<Log> log(Member member) {
        return identities.hosts(member.id())
                ? logs.status(member.id())
                        .map(status -> new Log(status.size().value(), status.signedAt()))
                : Optional.empty();
    }
}
