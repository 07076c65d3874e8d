/// Reads at other organisations, asked for in the name of our own staff. Start at [Exchange].
@ApplicationModule(allowedDependencies = {"contracts", "ledger", "identity", "platform"})
@NullMarked
package io.xinglin.exchange;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
