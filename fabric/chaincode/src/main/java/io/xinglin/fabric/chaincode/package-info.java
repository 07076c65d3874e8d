/// The rules of `contracts`, unchanged, as Hyperledger Fabric chaincode that runs as a service. Start at [ContractChaincode];
/// [ChaincodeServer] is the program.
///
/// Nothing here decides anything about health data or members: it reads state through a peer, lets the contracts judge, and puts
/// what they write. Nothing of a transaction is ever logged.
@NullMarked
package io.xinglin.fabric.chaincode;

import org.jspecify.annotations.NullMarked;
