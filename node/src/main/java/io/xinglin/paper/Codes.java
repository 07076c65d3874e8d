package io.xinglin.paper;

import com.google.zxing.EncodeHintType;
import com.google.zxing.WriterException;
import com.google.zxing.qrcode.decoder.ErrorCorrectionLevel;
import com.google.zxing.qrcode.encoder.ByteMatrix;
import com.google.zxing.qrcode.encoder.Encoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// A receipt as QR codes. What they say, one directly after the other, is the receipt, letter by letter.
///
/// A proof of eight witnesses in a log of a million entries is longer than the 2,953 bytes that one code can hold, and a code that
/// full is hard to read from paper. So there are up to three, none denser than a telephone reads. They hold the text itself: whatever
/// scans them shows something that can be pasted and checked, without a program of ours.
///
/// @spec https://www.iso.org/standard/83389.html ISO/IEC 18004
final class Codes {
    static final int COUNT_MAX = 3;

    /// Up to version 28 with room for the mark of the character set: 15 % of the code may be damaged.
    private static final int ROBUST_BYTES_MAX = 1_180;

    /// Up to version 32: 7 % may be damaged.
    private static final int BYTES_MAX = 1_940;

    private Codes() {}

    /// The texts of the codes; none if the receipt is too long for them.
    static List<String> texts(String receipt) {
        var length = length(receipt);
        var count = Math.min(COUNT_MAX, Math.ceilDiv(length, ROBUST_BYTES_MAX));
        if (length > count * BYTES_MAX) {
            return List.of();
        }
        var texts = new ArrayList<String>();
        var from = 0;
        for (var i = 1; i <= count; i++) {
            var to = i == count ? receipt.length() : cut(receipt, length / count * i);
            texts.add(receipt.substring(from, to));
            from = to;
        }
        return texts;
    }

    private static int length(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    /// After so many bytes, but inside a word: what shows a text to people often drops the spaces at its ends.
    private static int cut(String text, int bytes) {
        var near = 0;
        for (var length = 0; length < bytes; near += Character.charCount(text.codePointAt(near))) {
            length += length(Character.toString(text.codePointAt(near)));
        }
        for (var place = near; place > 0; place--) {
            if (isInWord(text.charAt(place - 1))
                    && isInWord(text.charAt(place))
                    && !Character.isLowSurrogate(text.charAt(place))) {
                return place;
            }
        }
        return near;
    }

    private static boolean isInWord(char character) {
        return !Character.isWhitespace(character) && !Character.isSpaceChar(character);
    }

    /// The modules of a code, without the white border.
    static ByteMatrix draw(String text) {
        var level =
                length(text) <= ROBUST_BYTES_MAX ? ErrorCorrectionLevel.M : ErrorCorrectionLevel.L;
        try {
            return Encoder.encode(text, level, Map.of(EncodeHintType.CHARACTER_SET, "UTF-8"))
                    .getMatrix();
        } catch (WriterException e) {
            throw new IllegalArgumentException("too long for a code", e);
        }
    }
}
