/// The ledger and the logs for everyone to look at, in plain words. Start at `ExplorerPage`.
///
/// It shows what anyone may fetch from `/ledger` and `/log`; nothing here needs a token, and nothing here is personal.
@ApplicationModule(
        allowedDependencies = {
            "contracts",
            "tlog",
            "ledger",
            "log",
            "identity",
            "paper",
            "platform",
            "web"
        })
@NullMarked
package io.xinglin.explorer;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
