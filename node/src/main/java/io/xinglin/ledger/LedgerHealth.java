package io.xinglin.ledger;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;

/// Whether the ledger goes on. One that stopped answers with what was true once, so its node must not be asked any longer; one whose
/// peers are all silent answers rightly, and is only told of.
@Component("chainHealthIndicator")
class LedgerHealth implements HealthIndicator {
    private final Ledger ledger;

    LedgerHealth(Ledger ledger) {
        this.ledger = ledger;
    }

    @Override
    public Health health() {
        var health = new Health.Builder().up();
        ledger.stopped().ifPresent(why -> health.down().withDetail("stopped", why));
        health.withDetail("height", ledger.height());
        try {
            ledger.status()
                    .channel()
                    .ifPresent(
                            channel ->
                                    health.withDetail("peers", channel.peers().size())
                                            .withDetail("peersAnswering", channel.answering())
                                            .withDetail("waiting", channel.waiting()));
        } catch (DataAccessException e) {
            // The database has a health of its own.
            health.withDetail("database", "does not answer");
        }
        return health.build();
    }
}
