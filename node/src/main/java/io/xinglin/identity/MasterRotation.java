package io.xinglin.identity;

import io.xinglin.platform.Failure;
import io.xinglin.platform.NodeProperties;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/// Replaces the node's master key, and seals everything under it anew, in the background.
///
/// The keystore holds both keys until nothing is sealed under the old one; a crash at any time leaves every row under one of the two,
/// and each row says under which. When the old key is destroyed, backups of the database of before can not be opened any more,
/// unless a copy of the keystore of then exists.
@Component
public class MasterRotation {
    private static final Logger LOG = LoggerFactory.getLogger(MasterRotation.class);
    private static final int BATCH = 500;

    private final MasterKey master;
    private final Keys keys;
    private final Organisations organisations;
    private final JdbcClient jdbc;
    private final NodeProperties node;

    MasterRotation(
            MasterKey master,
            Keys keys,
            Organisations organisations,
            JdbcClient jdbc,
            NodeProperties node) {
        this.master = master;
        this.keys = keys;
        this.organisations = organisations;
        this.jdbc = jdbc;
        this.node = node;
    }

    /// Begins: what is sealed from now on is sealed under a new key.
    ///
    /// @return its generation
    public int begin() {
        master.rotate();
        return master.generation();
    }

    /// How many keys are sealed under an earlier master key.
    public long left() {
        return keys.sealedBefore(master.generation())
                + organisations.sealedBefore(master.generation());
    }

    /// Which master key is in use, counted from 1.
    public int generation() {
        return master.generation();
    }

    /// Whether an earlier master key still exists.
    public boolean isUnderWay() {
        return master.isRotating();
    }

    @Scheduled(fixedDelayString = "PT30S", initialDelayString = "PT10S")
    void work() {
        if (node.readOnly() || !master.isRotating()) {
            return;
        }
        try {
            finish();
        } catch (RuntimeException e) {
            LOG.error("the rotation of the master key goes on later: {}", Failure.of(e));
        }
    }

    /// Does all that is left to do, and destroys the old key.
    public synchronized void finish() {
        organisations.sealAgain();
        for (var last = Optional.of(""); last.isPresent(); ) {
            last = keys.sealAgain(last.get(), BATCH);
        }
        jdbc.sql("update identity.master_key set witness = ?, generation = ?")
                .params(IdentityConfiguration.witness(master), master.generation())
                .update();
        if (left() > 0) {
            throw new IllegalStateException(left() + " keys are still under an earlier one");
        }
        if (master.isRotating()) {
            master.forgetOld();
        }
    }
}
