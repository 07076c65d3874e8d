package io.xinglin.ledger;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import org.postgresql.PGConnection;

/// Rows in the binary form of PostgreSQL's COPY, the cheapest way in.
///
/// @spec https://www.postgresql.org/docs/18/sql-copy.html COPY, "Binary Format"
final class CopyBuffer {
    private static final byte[] SIGNATURE = {
        'P', 'G', 'C', 'O', 'P', 'Y', '\n', (byte) 0xff, '\r', '\n', 0
    };

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(64 * 1024);
    private final DataOutputStream out = new DataOutputStream(bytes);
    private final int columns;

    CopyBuffer(int columns) throws IOException {
        this.columns = columns;
        out.write(SIGNATURE);
        out.writeInt(0);
        out.writeInt(0);
    }

    CopyBuffer row() throws IOException {
        out.writeShort(columns);
        return this;
    }

    CopyBuffer bigint(long value) throws IOException {
        out.writeInt(Long.BYTES);
        out.writeLong(value);
        return this;
    }

    CopyBuffer integer(int value) throws IOException {
        out.writeInt(Integer.BYTES);
        out.writeInt(value);
        return this;
    }

    CopyBuffer smallint(short value) throws IOException {
        out.writeInt(Short.BYTES);
        out.writeShort(value);
        return this;
    }

    CopyBuffer bytea(byte[] value) throws IOException {
        out.writeInt(value.length);
        out.write(value);
        return this;
    }

    CopyBuffer text(String value) throws IOException {
        return bytea(value.getBytes(StandardCharsets.UTF_8));
    }

    /// Sends the rows.
    void into(String tableAndColumns, Connection connection) throws SQLException, IOException {
        out.writeShort(-1);
        var copy =
                connection
                        .unwrap(PGConnection.class)
                        .getCopyAPI()
                        .copyIn("copy " + tableAndColumns + " from stdin (format binary)");
        try {
            copy.writeToCopy(bytes.toByteArray(), 0, bytes.size());
            copy.endCopy();
        } finally {
            if (copy.isActive()) {
                copy.cancelCopy();
            }
        }
    }
}
