/// What the members decide together: proposals, votes and decisions in the name of our organisations. Start at [Governance].
@ApplicationModule(allowedDependencies = {"contracts", "ledger", "identity", "platform"})
@NullMarked
package io.xinglin.governance;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
