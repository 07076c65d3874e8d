/// The node: one program, one module a package. Start at [Xinglin], then ARCHITECTURE.md.
@NullMarked
package io.xinglin;

import org.jspecify.annotations.NullMarked;
