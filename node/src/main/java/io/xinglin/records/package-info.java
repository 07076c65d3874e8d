/// The sealed FHIR store of each organisation and its API. Start at `Records`.
@ApplicationModule(
        allowedDependencies = {
            "contracts",
            "tlog",
            "identity",
            "consent",
            "log",
            "paper",
            "fsck",
            "platform"
        })
@NullMarked
package io.xinglin.records;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
