/// The transparency log of each organisation on this node, and each organisation as a witness of the others' logs. Start at [Logs];
/// for witnesses at `Witnesses` (who cosigns), `Cosigning` (who asks) and `Monitor` (who compares).
@ApplicationModule(
        allowedDependencies = {"contracts", "tlog", "ledger", "identity", "fsck", "platform"})
@NullMarked
package io.xinglin.log;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
