package io.xinglin.tlog;

import java.util.regex.Pattern;

/// Numbers as the specifications write them: ASCII digits, no sign, no leading zeroes.
final class Decimal {
    private static final Pattern FORM = Pattern.compile("0|[1-9][0-9]{0,18}");

    private Decimal() {}

    static long parse(String text) {
        if (!FORM.matcher(text).matches()) {
            throw new MalformedLogData("not a decimal number without leading zeroes");
        }
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException _) {
            throw new MalformedLogData("a number above 2^63 - 1");
        }
    }
}
