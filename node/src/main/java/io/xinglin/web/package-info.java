/// Pages for people, in Chinese and English. Start at `HomePage`; how pages look is in `static/assets/`.
@ApplicationModule(
        allowedDependencies = {"contracts", "tlog", "ledger", "log", "identity", "platform"})
@NullMarked
package io.xinglin.web;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
