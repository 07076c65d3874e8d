package io.xinglin.fabric;

/// What became of an ordered transaction.
///
/// @param block the number of its block
/// @param code Fabric's word for it, `VALID` if its writes count
public record CommitStatus(long block, String code) {
    /// Whether its writes count.
    public boolean isValid() {
        return code.equals(AgreedTransaction.VALID);
    }
}
