/// Who may read what, for what purpose, until when. Start at [Consents].
@ApplicationModule(
        allowedDependencies = {
            "contracts",
            "ledger",
            "identity",
            "log",
            "paper",
            "fsck",
            "platform"
        })
@NullMarked
package io.xinglin.consent;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
