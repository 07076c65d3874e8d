/// Pages for people.
@ApplicationModule(allowedDependencies = {"contracts", "ledger", "log", "identity", "platform"})
@NullMarked
package io.xinglin.web;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
