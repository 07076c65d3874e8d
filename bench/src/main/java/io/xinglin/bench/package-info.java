/// Figures: what the node does in a second on this machine, beside what the machine can. Start at [io.xinglin.bench.Bench].
@NullMarked
package io.xinglin.bench;

import org.jspecify.annotations.NullMarked;
