/// The sample consortium: organisations, people and Synthea patients. Start at `Sample`.
@ApplicationModule(
        allowedDependencies = {
            "contracts",
            "ledger",
            "identity",
            "log",
            "consent",
            "records",
            "platform"
        })
@NullMarked
package io.xinglin.sample;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
