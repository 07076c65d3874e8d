/// HAPI's JPA server, put together from its published artifacts, to be measured beside a node.
///
/// Start at [HapiPeer].
package io.xinglin.bench.hapi;
