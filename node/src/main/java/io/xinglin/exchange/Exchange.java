package io.xinglin.exchange;

import io.xinglin.contracts.Member;
import io.xinglin.contracts.MemberId;
import io.xinglin.identity.Identities;
import io.xinglin.identity.PractitionerId;
import io.xinglin.identity.PurposeOfUse;
import io.xinglin.ledger.Ledger;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiFunction;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;
import org.springframework.util.MultiValueMap;

/// Asks another member of the consortium, wherever its node is, for what one of our practitioners wants to read there.
///
/// We prove who asks and why; what may be read, the custodian decides. Its address is the one it put on the ledger under its own
/// signature, and nothing it answers is followed elsewhere. One that is slow, or means harm, has so much time and so many reads at once, which
/// are its own: reads at other members do not wait for it.
@Component
public class Exchange {
    static final int CONCURRENT_MAX = 8;
    private static final int PATIENCE_SECONDS = 5;

    private final Ledger ledger;
    private final Identities identities;
    private final PeerClient peers;
    private final Duration deadline;
    private final Map<MemberId, Semaphore> free = new ConcurrentHashMap<>();

    /// @param deadline how long a member may take for all of a read
    Exchange(
            Ledger ledger,
            Identities identities,
            PeerClient peers,
            @Value("${xinglin.exchange.deadline:30s}") Duration deadline) {
        this.ledger = ledger;
        this.identities = identities;
        this.peers = peers;
        this.deadline = deadline;
    }

    /// Reads a resource at another member.
    ///
    /// @param path below its FHIR base: `Observation/17`
    /// @throws ExchangeProblem if there is no such member, or it does not answer as it should
    public PeerAnswer read(
            PractitionerId practitioner, PurposeOfUse purpose, MemberId custodian, String path) {
        return ask(
                practitioner,
                purpose,
                custodian,
                (member, token) -> peers.get(uri(member, path), token));
    }

    /// Searches at another member, with the parameters in the body: they may say who the patient is, which belongs in no address.
    ///
    /// @throws ExchangeProblem if there is no such member, or it does not answer as it should
    public PeerAnswer search(
            PractitionerId practitioner,
            PurposeOfUse purpose,
            MemberId custodian,
            String type,
            MultiValueMap<String, String> parameters) {
        return ask(
                practitioner,
                purpose,
                custodian,
                (member, token) -> peers.post(uri(member, type + "/_search"), token, parameters));
    }

    private PeerAnswer ask(
            PractitionerId practitioner,
            PurposeOfUse purpose,
            MemberId custodian,
            BiFunction<Member, String, PeerAnswer> question) {
        var member = ledger.member(custodian).orElseThrow(ExchangeProblem::unknownMember);
        var turns = free.computeIfAbsent(custodian, _ -> new Semaphore(CONCURRENT_MAX, true));
        if (!acquired(turns)) {
            throw ExchangeProblem.busy();
        }
        try {
            return inTime(
                    new FutureTask<>(
                            () -> question.apply(member, token(member, practitioner, purpose))));
        } finally {
            turns.release();
        }
    }

    /// On a thread of its own: an interrupt closes the socket that a virtual thread reads from, however slowly bytes come.
    private PeerAnswer inTime(FutureTask<PeerAnswer> task) {
        Thread.ofVirtual().name("exchange").start(task);
        try {
            return task.get(deadline.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw ExchangeProblem.noAnswer(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw ExchangeProblem.noAnswer(e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new IllegalStateException(e.getCause());
        } finally {
            task.cancel(true);
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
            throw ExchangeProblem.badAddress();
        }
    }

    private static boolean acquired(Semaphore turns) {
        try {
            return turns.tryAcquire(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
