/// The check of everything stored against everything proved. Modules offer a [Check]; the command runs them all.
@ApplicationModule(allowedDependencies = {})
@NullMarked
package io.xinglin.fsck;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
