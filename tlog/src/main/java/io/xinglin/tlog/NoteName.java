package io.xinglin.tlog;

/// The names of keys: not empty, no spaces of any script, no plus signs, no control characters.
final class NoteName {
    private static final int LENGTH_MAX = 256;

    private NoteName() {}

    static String checked(String name) {
        if (name.isEmpty() || name.length() > LENGTH_MAX) {
            throw new MalformedLogData("a key name is 1 to 256 characters");
        }
        if (name.codePoints().anyMatch(NoteName::isForbidden)) {
            throw new MalformedLogData(
                    "a key name has no spaces, plus signs or control characters");
        }
        return name;
    }

    private static boolean isForbidden(int character) {
        return character == '+'
                || Character.isISOControl(character)
                || Character.isWhitespace(character)
                || Character.isSpaceChar(character)
                || Character.getType(character) == Character.SURROGATE;
    }
}
