/// Organisations, people, their keys and their tokens. Start at `Identities`.
@ApplicationModule(allowedDependencies = {"contracts", "tlog", "ledger", "fsck", "platform"})
@NullMarked
package io.xinglin.identity;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
