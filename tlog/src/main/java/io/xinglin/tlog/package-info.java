/// Placeholder.
@NullMarked
package io.xinglin.tlog;

import org.jspecify.annotations.NullMarked;
