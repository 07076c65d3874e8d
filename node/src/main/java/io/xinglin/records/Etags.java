package io.xinglin.records;

import java.util.Arrays;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// The versions that a client names in `If-Match` or `If-None-Match`: `W/"3"`, `"3"`, `W/"3", W/"4"`, `*`.
///
/// Versions are immutable here, so that weak and strong tags say the same.
///
/// @param any whether it is `*`
/// @spec https://www.rfc-editor.org/rfc/rfc9110#section-13.1 RFC 9110, preconditions
record Etags(boolean any, Set<Integer> versions) {
    private static final Pattern TAG = Pattern.compile("(?:W/)?\"?([1-9]\\d{0,8})\"?");

    /// @param where what to call its subject in an error: `the resource`, `entry 3`
    static Etags parse(String header, String where) {
        if (header.strip().equals("*")) {
            return new Etags(true, Set.of());
        }
        return new Etags(
                false,
                Arrays.stream(header.split(",", -1))
                        .map(tag -> number(tag.strip(), where))
                        .collect(Collectors.toUnmodifiableSet()));
    }

    private static int number(String tag, String where) {
        var matcher = TAG.matcher(tag);
        if (!matcher.matches()) {
            throw Outcomes.invalid("The version to match of " + where + " is not a number.");
        }
        return Integer.parseInt(matcher.group(1));
    }

    /// Whether a version is named; what is not a version names none.
    static boolean isAmong(int version, String header) {
        return Arrays.stream(header.split(",", -1))
                .map(String::strip)
                .anyMatch(tag -> tag.equals("*") || names(tag, version));
    }

    private static boolean names(String tag, int version) {
        var matcher = TAG.matcher(tag);
        return matcher.matches() && Integer.parseInt(matcher.group(1)) == version;
    }

    boolean matches(int version) {
        return any || versions.contains(version);
    }

    @Override
    public String toString() {
        return any
                ? "any"
                : versions.stream()
                        .sorted()
                        .map(String::valueOf)
                        .collect(Collectors.joining(" or "));
    }
}
