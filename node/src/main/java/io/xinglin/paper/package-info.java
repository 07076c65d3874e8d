/// Receipts on paper: one page that explains a receipt to the person it concerns, with the receipt itself in it. Start at [Papers].
@ApplicationModule(allowedDependencies = {"contracts", "tlog", "ledger", "log", "platform", "web"})
@NullMarked
package io.xinglin.paper;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
