/// The deterministic simulation: several nodes in one world from one seed, with crashes, torn writes, corruption, a bad network
/// and bad clocks. Start at `World`.
///
/// Everything that thinks is the program's own code. Exchanged are time ([Scheduler]), the network (`Network`), files
/// ([Disk]) and the tables of PostgreSQL ([MemoryDatabase]).
@NullMarked
package io.xinglin.sim;

import org.jspecify.annotations.NullMarked;
