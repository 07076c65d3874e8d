/// What every module stands on: the database, the clock, size limits and the shape of errors.
@ApplicationModule(allowedDependencies = {})
@NullMarked
package io.xinglin.platform;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
