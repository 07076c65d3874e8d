package io.xinglin.contracts;

import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A JSON object whose accessors say which member is wrong.
record JsonObject(SortedMap<String, Json> members) implements Json {
    JsonObject {
        members = Collections.unmodifiableSortedMap(members);
    }

    /// Begins an object.
    static Builder with(String name, String value) {
        return new Builder().with(name, value);
    }

    /// Begins an object.
    static Builder with(String name, long value) {
        return new Builder().with(name, value);
    }

    /// Begins an object.
    static Builder with(String name, Json value) {
        return new Builder().with(name, value);
    }

    /// Refuses members other than these.
    JsonObject only(String... names) {
        for (var name : members.keySet()) {
            if (!List.of(names).contains(name)) {
                throw bad(name, "is unknown here");
            }
        }
        return this;
    }

    /// All members but one.
    JsonObject without(String name) {
        var others = new TreeMap<>(members);
        others.remove(name);
        return new JsonObject(others);
    }

    boolean has(String name) {
        return members.containsKey(name);
    }

    String string(String name) {
        if (required(name) instanceof Json.Text(var value)) {
            return value;
        }
        throw bad(name, "must be a string");
    }

    String string(String name, Pattern form) {
        var value = string(name);
        if (!form.matcher(value).matches()) {
            throw bad(name, "is not in its form");
        }
        return value;
    }

    Optional<String> optionalString(String name) {
        return has(name) ? Optional.of(string(name)) : Optional.empty();
    }

    long whole(String name) {
        if (required(name) instanceof Json.Whole(var value)) {
            return value;
        }
        throw bad(name, "must be a whole number");
    }

    JsonObject object(String name) {
        if (required(name) instanceof JsonObject object) {
            return object;
        }
        throw bad(name, "must be an object");
    }

    List<Json> items(String name) {
        if (required(name) instanceof Json.Items(var values)) {
            return values;
        }
        throw bad(name, "must be an array");
    }

    private Json required(String name) {
        @Nullable Json value = members.get(name);
        if (value == null) {
            throw bad(name, "is missing");
        }
        return value;
    }

    static ContractViolation bad(String name, String what) {
        return new ContractViolation(
                ViolationCode.BAD_ARGUMENTS, "The member \"" + shown(name) + "\" " + what + ".");
    }

    /// Member names come from outside: what is shown of them is short and printable.
    private static String shown(String name) {
        var printable = name.replaceAll("[^\\x20-\\x7e]", "?");
        return printable.length() <= 40 ? printable : printable.substring(0, 40);
    }

    /// Collects members.
    static final class Builder {
        private final SortedMap<String, Json> members = new TreeMap<>();

        Builder with(String name, String value) {
            return with(name, new Json.Text(value));
        }

        Builder with(String name, long value) {
            return with(name, new Json.Whole(value));
        }

        Builder with(String name, Json value) {
            members.put(name, value);
            return this;
        }

        JsonObject build() {
            return new JsonObject(members);
        }

        /// The canonical text of the object.
        String text() {
            return build().text();
        }
    }
}
