package io.xinglin.explorer;

import io.xinglin.contracts.Change;
import io.xinglin.contracts.Decision;
import io.xinglin.contracts.GovernanceCommand;
import io.xinglin.contracts.KeyId;
import io.xinglin.contracts.KeyKind;
import io.xinglin.contracts.KeysCommand;
import io.xinglin.contracts.MemberId;
import io.xinglin.contracts.MembershipCommand;
import io.xinglin.contracts.TransactionId;
import io.xinglin.ledger.Ledger;
import io.xinglin.ledger.LedgerEvent;
import io.xinglin.ledger.Position;
import io.xinglin.ledger.Subscription;
import io.xinglin.platform.NodeProperties;
import jakarta.annotation.PreDestroy;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.event.ApplicationStartedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/// What happened to members and their keys, and how often each contract was used: read from the ledger at start, then kept up.
///
/// Of patients' keys it remembers only how many there were, so that its size is that of the consortium and not of its patients.
@Component
class Chronicle {
    private final Ledger ledger;
    private final NodeProperties node;
    private final Map<MemberId, List<Event>> members = new TreeMap<>();
    private final Map<MemberId, Long> patients = new HashMap<>();
    private final Map<KeyId, Holder> keys = new LinkedHashMap<>();
    private final Map<String, Use> uses = new TreeMap<>();
    private @Nullable Subscription subscription;

    Chronicle(Ledger ledger, NodeProperties node) {
        this.ledger = ledger;
        this.node = node;
    }

    /// Something that happened.
    ///
    /// @param what the name of its words
    record Event(String what, long block, Instant time, TransactionId transaction) {}

    /// A key of an organisation or of its staff, and what happened to it.
    record Holder(KeyId id, MemberId member, KeyKind kind, List<Event> events) {}

    /// How often a function was used, and last when.
    record Use(long count, long lastBlock, Instant last) {
        Use and(LedgerEvent event) {
            return new Use(count + 1, event.position().block(), event.time());
        }
    }

    synchronized List<Event> of(MemberId member) {
        return List.copyOf(members.getOrDefault(member, List.of()));
    }

    /// The keys of an organisation and its staff, in the order they came.
    synchronized List<Holder> keys(MemberId member) {
        return keys.values().stream().filter(key -> key.member().equals(member)).toList();
    }

    synchronized List<Event> of(KeyId key) {
        return Optional.ofNullable(keys.get(key))
                .map(found -> List.copyOf(found.events()))
                .orElse(List.of());
    }

    /// How many keys of patients a member has vouched for.
    synchronized long patients(MemberId member) {
        return patients.getOrDefault(member, 0L);
    }

    /// Each function of a contract, such as `consent.grant`, that was ever used.
    synchronized Map<String, Use> uses() {
        return new TreeMap<>(uses);
    }

    @EventListener(ApplicationStartedEvent.class)
    void start() {
        if (!node.readOnly()) {
            subscription = ledger.follow(Position.START, this::on);
        }
    }

    @PreDestroy
    void stop() {
        if (subscription != null) {
            subscription.close();
        }
    }

    private synchronized void on(LedgerEvent event) {
        var transaction = event.transaction();
        var command = transaction.command();
        uses.merge(
                command.contract() + "." + command.function(),
                new Use(1, event.position().block(), event.time()),
                (before, _) -> before.and(event));
        switch (command) {
            case MembershipCommand.Join(var key, var member) -> {
                note(member.id(), "event.joined", event);
                add(key.keyId(), member.id(), KeyKind.ORGANISATION, "event.registered", event);
            }
            case MembershipCommand.Update _ ->
                    owner(transaction.signer())
                            .ifPresent(owner -> note(owner.member(), "event.updated", event));
            case KeysCommand.Register register -> registered(register, event);
            case KeysCommand.Rotate rotate ->
                    owner(transaction.signer())
                            .ifPresent(
                                    old -> {
                                        old.events().add(of("event.rotated", event));
                                        add(
                                                rotate.key().keyId(),
                                                old.member(),
                                                old.kind(),
                                                "event.successor",
                                                event);
                                    });
            case KeysCommand.Revoke revoke ->
                    owner(revoke.kid())
                            .ifPresent(key -> key.events().add(of("event.revoked", event)));
            case GovernanceCommand.Decide(var proposal) -> decided(proposal, event);
            default -> {
                // Says nothing of members or keys.
            }
        }
    }

    private void registered(KeysCommand.Register register, LedgerEvent event) {
        var key = ledger.key(register.key().keyId());
        if (key.isEmpty()) {
            return;
        }
        if (key.get().kind() == KeyKind.PATIENT) {
            patients.merge(key.get().member(), 1L, Long::sum);
        } else {
            add(
                    register.key().keyId(),
                    key.get().member(),
                    key.get().kind(),
                    "event.registered",
                    event);
        }
    }

    private void decided(UUID proposal, LedgerEvent event) {
        if (ledger.decision(proposal).filter(Decision::accepted).isEmpty()) {
            return;
        }
        ledger.proposal(proposal)
                .ifPresent(
                        it -> {
                            switch (it.change()) {
                                case Change.Suspension(var member) ->
                                        note(member, "event.suspended", event);
                                case Change.Readmission(var member) ->
                                        note(member, "event.readmitted", event);
                                default -> {
                                    // Is not about a member that is here.
                                }
                            }
                        });
    }

    private Optional<Holder> owner(KeyId key) {
        return Optional.ofNullable(keys.get(key));
    }

    private void add(KeyId id, MemberId member, KeyKind kind, String what, LedgerEvent event) {
        keys.put(id, new Holder(id, member, kind, new ArrayList<>(List.of(of(what, event)))));
    }

    private void note(MemberId member, String what, LedgerEvent event) {
        members.computeIfAbsent(member, _ -> new ArrayList<>()).add(of(what, event));
    }

    private static Event of(String what, LedgerEvent event) {
        return new Event(what, event.position().block(), event.time(), event.transaction().id());
    }
}
