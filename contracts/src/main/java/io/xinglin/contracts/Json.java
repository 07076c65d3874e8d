package io.xinglin.contracts;

import java.util.List;

/// The only JSON the ledger knows: objects, arrays, strings and whole numbers.
///
/// It is written in one way only: members sorted, no spaces, the escapes of RFC 8785. Reading refuses what could be
/// understood in two ways: duplicate members, fractions, exponents, numbers beyond 2^53, lone surrogates.
///
/// @spec https://www.rfc-editor.org/rfc/rfc8785 RFC 8785, of which this is a subset
sealed interface Json permits JsonObject, Json.Text, Json.Whole, Json.Items {
    /// A string.
    record Text(String value) implements Json {}

    /// A whole number that every JSON implementation can hold.
    record Whole(long value) implements Json {
        static final long MAX = (1L << 53) - 1;

        public Whole {
            if (value > MAX || value < -MAX) {
                throw new IllegalArgumentException("a number beyond 2^53");
            }
        }
    }

    /// An array.
    record Items(List<Json> values) implements Json {
        public Items {
            values = List.copyOf(values);
        }
    }

    /// The canonical text.
    default String text() {
        var out = new StringBuilder(256);
        JsonWriter.write(this, out);
        return out.toString();
    }

    static Json text(String value) {
        return new Text(value);
    }

    static Json whole(long value) {
        return new Whole(value);
    }
}
