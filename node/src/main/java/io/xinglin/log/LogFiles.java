package io.xinglin.log;

import io.xinglin.contracts.MemberId;
import io.xinglin.platform.NodeProperties;
import io.xinglin.tlog.TileStore;
import java.nio.file.Path;
import org.springframework.stereotype.Component;

/// Where the files of the logs are: a directory an organisation, `log/{org}` in the node's data directory.
@Component
class LogFiles {
    private final Path directory;

    LogFiles(NodeProperties node) {
        this.directory = node.data().resolve("log");
    }

    /// A view of the files of a log, whether or not there are any.
    TileStore of(MemberId organisation) {
        return new TileStore(directory.resolve(organisation.value()));
    }
}
