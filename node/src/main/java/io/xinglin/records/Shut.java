package io.xinglin.records;

import io.xinglin.contracts.MemberId;
import io.xinglin.identity.Caller;
import io.xinglin.identity.PurposeOfUse;
import io.xinglin.records.Compartment.Owner;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/// The records that are only stored. Patients read their own; so does who works for the custodian's operations, which is how those
/// get to know of it whom the law entitles. Nobody else reads them, no search finds them, and nobody writes.
///
/// Kept in memory, because every read asks.
@Component
class Shut {
    private final JdbcClient jdbc;
    private final Set<Owner> owners = ConcurrentHashMap.newKeySet();

    Shut(JdbcClient jdbc) {
        this.jdbc = jdbc;
        owners.addAll(stored());
    }

    /// What the database says.
    final List<Owner> stored() {
        return jdbc.sql("select org, owner from records.shut")
                .query((row, _) -> new Owner(new MemberId(row.getString(1)), row.getString(2)))
                .list();
    }

    /// Shuts a record, in the transaction at hand. If that fails, it stays shut until the node starts again.
    void shut(Owner owner) {
        owners.add(owner);
        jdbc.sql("insert into records.shut (org, owner) values (?, ?) on conflict do nothing")
                .params(owner.custodian().value(), owner.id())
                .update();
    }

    /// Takes it back.
    void forget(Owner owner) {
        jdbc.sql("delete from records.shut where org = ? and owner = ?")
                .params(owner.custodian().value(), owner.id())
                .update();
        AfterCommit.run(() -> owners.remove(owner));
    }

    boolean contains(Owner owner) {
        return owners.contains(owner);
    }

    /// Whether a record is shut, and shut for this caller.
    boolean isFor(Caller caller, Owner owner) {
        if (!owners.contains(owner)) {
            return false;
        }
        return switch (caller) {
            case Caller.Patient(var self) -> !owner.patient().filter(self::equals).isPresent();
            case Caller.Staff(var _, var _, var purpose) -> purpose != PurposeOfUse.HOPERAT;
            case Caller.Service _, Caller.Peer _ -> true;
        };
    }

    /// Refuses a write to a record that is shut.
    void requireOpen(Collection<Owner> some) {
        for (var owner : some) {
            if (owners.contains(owner)) {
                throw Outcomes.unprocessable(
                        "The record of Patient/"
                                + owner.id()
                                + " is only stored: the patient asked for its erasure, and nothing"
                                + " is added to it or changed any more.");
            }
        }
    }
}
