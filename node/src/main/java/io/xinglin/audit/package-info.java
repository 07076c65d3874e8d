/// Every read and refusal, made durable before the answer leaves, and the list a patient sees.
@ApplicationModule(
        allowedDependencies = {
            "contracts",
            "identity",
            "consent",
            "records",
            "log",
            "fsck",
            "platform"
        })
@NullMarked
package io.xinglin.audit;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
