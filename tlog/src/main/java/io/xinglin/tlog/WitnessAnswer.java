package io.xinglin.tlog;

import java.util.List;
import java.util.stream.Collectors;

/// What a witness answers to an [AddCheckpoint].
///
/// @spec https://c2sp.org/tlog-witness tlog-witness
public sealed interface WitnessAnswer {
    /// The HTTP status of the answer.
    int status();

    /// It is cosigned.
    ///
    /// @param cosignatures of the witness
    record Cosigned(List<NoteSignature> cosignatures) implements WitnessAnswer {
        /// The content type of [#body].
        public static final String TYPE = "text/plain";

        public Cosigned {
            cosignatures = List.copyOf(cosignatures);
        }

        @Override
        public int status() {
            return 200;
        }

        /// The signature lines.
        public String body() {
            return cosignatures.stream().map(it -> it + "\n").collect(Collectors.joining());
        }
    }

    /// The request is not in its form, or its old size is above the new one.
    record Malformed(String why) implements WitnessAnswer {
        @Override
        public int status() {
            return 400;
        }
    }

    /// The log did not sign it.
    record Unsigned(String why) implements WitnessAnswer {
        @Override
        public int status() {
            return 403;
        }
    }

    /// The witness does not know the log.
    record UnknownLog() implements WitnessAnswer {
        @Override
        public int status() {
            return 404;
        }
    }

    /// The old size is not the one that the witness knows.
    ///
    /// @param known the one it knows
    record OtherSize(TreeSize known) implements WitnessAnswer {
        /// The content type of [#body].
        public static final String TYPE = "text/x.tlog.size";

        @Override
        public int status() {
            return 409;
        }

        /// The size.
        public String body() {
            return known + "\n";
        }
    }

    /// What the witness knows is not proved to be the beginning of it.
    record Inconsistent(String why) implements WitnessAnswer {
        @Override
        public int status() {
            return 422;
        }
    }
}
