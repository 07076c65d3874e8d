/// Change one byte and see who notices: on a copy made for one visitor, thrown away a few minutes later. Start at `Sandboxes`.
///
/// Nothing here touches what the node keeps: the copy has a database and a directory of its own, and keys that count nowhere.
@ApplicationModule(
        allowedDependencies = {
            "contracts",
            "tlog",
            "ledger",
            "log",
            "records",
            "identity",
            "fsck",
            "platform",
            "web"
        })
@NullMarked
package io.xinglin.sandbox;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
