package io.xinglin.contracts;

/// What the consortium has seen of each log.
public sealed interface AnchorCommand extends Command {
    @Override
    default String contract() {
        return "anchor";
    }

    /// Anchors a checkpoint of the signing organisation's log.
    ///
    /// @param origin the log's name
    /// @param size how many entries
    /// @param root the Merkle root, 32 bytes in the base64 of checkpoints
    /// @param checkpoint the signed note that says so
    record Checkpoint(String origin, long size, String root, String checkpoint)
            implements AnchorCommand {
        @Override
        public String function() {
            return "checkpoint";
        }

        @Override
        public String argumentsJson() {
            return JsonObject.with("origin", origin)
                    .with("size", size)
                    .with("root", root)
                    .with("checkpoint", checkpoint)
                    .text();
        }
    }
}
