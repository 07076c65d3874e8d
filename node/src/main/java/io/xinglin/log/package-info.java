/// The transparency log of each organisation on this node. Start at [Logs].
@ApplicationModule(
        allowedDependencies = {"contracts", "tlog", "ledger", "identity", "fsck", "platform"})
@NullMarked
package io.xinglin.log;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
