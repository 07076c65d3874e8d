/// The way of a node to a channel of Hyperledger Fabric: have transactions endorsed, hand them to the orderers, follow the blocks.
///
/// Start at [FabricChannel]. No type of Fabric's leaves this package.
@NullMarked
package io.xinglin.fabric;

import org.jspecify.annotations.NullMarked;
