/// Placeholder.
@NullMarked
package io.xinglin.contracts;

import org.jspecify.annotations.NullMarked;
