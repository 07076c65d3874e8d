package io.xinglin.story;

import java.io.IOException;
import java.nio.file.Files;
import java.sql.SQLException;

/// Somebody with access to the machine who changes one bit. Doing it twice puts it back.
final class Tamper {
    private static final int POSITION = 40;

    private final RunningNode node;

    Tamper(RunningNode node) {
        this.node = node;
    }

    /// Flips one bit of the first version of a resource in the database.
    ///
    /// @param resource `Type/id`
    void flipRow(String organisation, String resource) throws IOException, SQLException {
        var name = resource.split("/", 2);
        try (var connection = node.database();
                var update =
                        connection.prepareStatement(
                                """
                                update records.version
                                set sealed = set_byte(sealed, ?, get_byte(sealed, ?) # 1)
                                where version = 1 and resource =
                                    (select key from records.resource
                                     where org = ? and type = ? and id = ?)
                                """)) {
            update.setInt(1, POSITION);
            update.setInt(2, POSITION);
            update.setString(3, organisation);
            update.setString(4, name[0]);
            update.setString(5, name[1]);
            if (update.executeUpdate() != 1) {
                throw new Teller.NotTrue("one row holds " + resource);
            }
        }
    }

    /// Flips one bit of the log's first tile of hashes.
    ///
    /// @return the tile's path below the log
    String flipTile(String organisation) throws IOException {
        var log = node.data().resolve("log").resolve(organisation);
        var tile = log.resolve("tile/0/000");
        var bytes = Files.readAllBytes(tile);
        bytes[POSITION] ^= 1;
        Files.write(tile, bytes);
        return "tile/0/000";
    }
}
