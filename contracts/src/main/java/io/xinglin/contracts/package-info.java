/// The rules that every member of the ledger runs, the same on every engine. Start at [Contracts].
///
/// A [SignedTransaction] carries a [Command]; [Contracts] checks who signed it, against keys on the ledger, and lets the
/// contract read and write state through a [ContractContext]. A [Simulation] is the context that records what was read and
/// written. [Member], [RegisteredKey], [ConsentFact], [Anchor], [Proposal], [Ballot] and [Decision] are the
/// facts on the ledger.
///
/// Nothing here knows a clock, chance, hash order, a locale, a thread or a file: the same transactions on the same state
/// give the same reads and writes, byte for byte. A test keeps it so.
@NullMarked
package io.xinglin.contracts;

import org.jspecify.annotations.NullMarked;
