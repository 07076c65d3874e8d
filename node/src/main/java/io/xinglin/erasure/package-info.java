/// The right to erasure: patients ask, the custodian's privacy officer decides, the law may demand that a record is kept, and what is
/// erased is proved and stays erased. Start at `Erasures`.
@ApplicationModule(
        allowedDependencies = {
            "contracts",
            "ledger",
            "identity",
            "log",
            "consent",
            "records",
            "paper",
            "fsck",
            "web",
            "platform"
        })
@NullMarked
package io.xinglin.erasure;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
