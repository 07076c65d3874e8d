package io.xinglin.exchange;

import io.xinglin.contracts.Member;
import io.xinglin.contracts.MemberId;
import io.xinglin.identity.Identities;
import io.xinglin.identity.PractitionerId;
import io.xinglin.identity.PurposeOfUse;
import io.xinglin.ledger.Ledger;
import java.net.URI;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.springframework.stereotype.Component;

/// Asks another member of the consortium, wherever its node is, for what one of our practitioners wants to read there.
///
/// We prove who asks and why; what may be read, the custodian decides. Its address is the one it put on the ledger under its own
/// signature, and nothing it answers is followed elsewhere.
@Component
public class Exchange {
    private static final int CONCURRENT_MAX = 16;
    private static final int PATIENCE_SECONDS = 5;

    private final Ledger ledger;
    private final Identities identities;
    private final PeerClient peers;
    private final Semaphore free = new Semaphore(CONCURRENT_MAX);

    Exchange(Ledger ledger, Identities identities, PeerClient peers) {
        this.ledger = ledger;
        this.identities = identities;
        this.peers = peers;
    }

    /// Reads or searches at another member.
    ///
    /// @param path below its FHIR base, with the query as it came: `Observation?patient=17`
    /// @throws ExchangeProblem if there is no such member, or it does not answer as it should
    public PeerAnswer read(
            PractitionerId practitioner, PurposeOfUse purpose, MemberId custodian, String path) {
        var member = ledger.member(custodian).orElseThrow(ExchangeProblem::unknownMember);
        if (!acquired()) {
            throw ExchangeProblem.busy();
        }
        try {
            return peers.get(uri(member, path), token(member, practitioner, purpose));
        } finally {
            free.release();
        }
    }

    private String token(Member custodian, PractitionerId practitioner, PurposeOfUse purpose) {
        var endpoint = uri(custodian, "oauth2/token");
        return peers.token(
                endpoint, identities.assertion(practitioner, purpose, endpoint.toString()));
    }

    private static URI uri(Member member, String path) {
        try {
            return URI.create(member.fhir() + "/" + path);
        } catch (IllegalArgumentException _) {
            throw ExchangeProblem.badQuery();
        }
    }

    private boolean acquired() {
        try {
            return free.tryAcquire(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
