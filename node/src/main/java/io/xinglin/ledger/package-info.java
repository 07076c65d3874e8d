/// Submit to, query and follow the consortium ledger. Start at `Ledger`.
@ApplicationModule(allowedDependencies = {"contracts", "tlog", "fsck", "platform"})
@NullMarked
package io.xinglin.ledger;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
