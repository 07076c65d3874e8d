package io.xinglin.records;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.xinglin.consent.ConsentEnded;
import io.xinglin.contracts.MemberId;
import io.xinglin.identity.Identities;
import io.xinglin.identity.MasterRotation;
import io.xinglin.identity.PatientId;
import io.xinglin.platform.Failure;
import io.xinglin.platform.NodeProperties;
import io.xinglin.records.Compartment.Owner;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.event.EventListener;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionTemplate;

/// Replaces the keys of records.
///
/// An epoch ends when a consent does, when it is old, or when the custodian says so: what is stored after that is sealed under keys that
/// nobody has had. A new wrap key of the custodian takes the place of the old one in the background, wrap by wrap; when none is left,
/// the old one is destroyed. Each row says how far it is, so that nothing is lost or done twice when the node stops.
@Component
class KeyRotation implements MeterBinder {
    private static final Logger LOG = LoggerFactory.getLogger(KeyRotation.class);
    private static final int BATCH = 200;

    private final Compartments compartments;
    private final Identities identities;
    private final MasterRotation master;
    private final TransactionTemplate transaction;
    private final NodeProperties node;

    KeyRotation(
            Compartments compartments,
            Identities identities,
            MasterRotation master,
            TransactionTemplate transaction,
            NodeProperties node) {
        this.compartments = compartments;
        this.identities = identities;
        this.master = master;
        this.transaction = transaction;
        this.node = node;
    }

    /// How far it is.
    ///
    /// @param wrapsLeft wraps for an earlier key of the custodian
    /// @param masterKey which master key of the node is in use, counted from 1
    /// @param masterLeft keys under an earlier one
    record Progress(String wrapKey, long wrapsLeft, int masterKey, long masterLeft) {}

    /// Ends the present epoch of a patient's keys, or of everyone's.
    ///
    /// @return how many epochs end
    int endEpochs(MemberId custodian, Optional<PatientId> patient) {
        var ended = transaction.execute(_ -> compartments.close(custodian, patient.map(Owner::of)));
        return ended == null ? 0 : ended;
    }

    /// Who could read until now may have kept keys: they open nothing that comes.
    @EventListener
    @Transactional(propagation = Propagation.MANDATORY)
    void on(ConsentEnded event) {
        var patient = event.patient();
        compartments.close(patient.custodian(), Optional.of(Owner.of(patient)));
    }

    /// Puts a new wrap key in the place of the custodian's present one.
    Progress renewWraps(MemberId custodian) {
        identities.renewWrapKey(custodian);
        return progress(custodian);
    }

    Progress progress(MemberId custodian) {
        return new Progress(
                identities.wrapKey(custodian).value(),
                compartments.outdated(custodian),
                master.generation(),
                master.left());
    }

    @Scheduled(initialDelay = 2_000, fixedDelay = 5_000)
    void work() {
        if (node.readOnly()) {
            return;
        }
        for (var custodian : identities.hosted()) {
            try {
                work(custodian);
            } catch (RuntimeException e) {
                LOG.error("wraps of {} are renewed later: {}", custodian, Failure.of(e));
            }
        }
    }

    private void work(MemberId custodian) {
        for (var last = Optional.of(0L); last.isPresent(); ) {
            last = compartments.wrapAgain(custodian, last.get(), BATCH);
        }
        if (compartments.outdated(custodian) == 0) {
            identities.destroyRetiredWrapKeys(custodian);
        }
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        Gauge.builder("xinglin.keys.wraps.left", this, KeyRotation::wrapsLeft)
                .description(
                        "Keys of records that are wrapped for an earlier key of their custodian")
                .register(registry);
        Gauge.builder("xinglin.keys.master.left", master, MasterRotation::left)
                .description("Keys that are sealed under an earlier master key")
                .register(registry);
        Gauge.builder("xinglin.keys.master.generation", master, MasterRotation::generation)
                .description("Which master key is in use, counted from 1")
                .register(registry);
    }

    private double wrapsLeft() {
        return identities.hosted().stream().mapToLong(compartments::outdated).sum();
    }
}
