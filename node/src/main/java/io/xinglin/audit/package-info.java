/// Every read and refusal, made durable before the answer leaves, and the list a patient sees. Start at [Audit].
///
/// It knows the ledger for the names of the organisations that read.
@ApplicationModule(
        allowedDependencies = {
            "contracts",
            "ledger",
            "identity",
            "consent",
            "records",
            "log",
            "paper",
            "fsck",
            "platform"
        })
@NullMarked
package io.xinglin.audit;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
