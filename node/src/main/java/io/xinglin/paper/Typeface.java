package io.xinglin.paper;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.text.BreakIterator;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.fontbox.ttf.TTFParser;
import org.apache.fontbox.ttf.TrueTypeFont;
import org.apache.pdfbox.io.RandomAccessReadBuffer;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.font.PDType0Font;

/// Noto Sans SC for one document, which carries the letters it uses: it looks the same where no Chinese font is installed.
///
/// What the typeface has no letter for is shown as a box, so that nobody's name keeps a page from being made.
final class Typeface {
    private static final String FILE = "/fonts/ttf/NotoSansSC/NotoSansSC-Regular.ttf";
    private static final int UNKNOWN = '\u25a1';

    private final PDType0Font font;
    private final Locale locale;
    private final float unitsPerEm;

    private Typeface(PDType0Font font, Locale locale) throws IOException {
        this.font = font;
        this.locale = locale;
        this.unitsPerEm = Shared.TYPE.getUnitsPerEm();
    }

    /// Read once, at the first page; ten megabytes.
    private static final class Shared {
        private static final TrueTypeFont TYPE = read();

        private static TrueTypeFont read() {
            try (var file = Typeface.class.getResourceAsStream(FILE)) {
                if (file == null) {
                    throw new IllegalStateException("the build did not bring " + FILE);
                }
                var type =
                        new TTFParser().parse(RandomAccessReadBuffer.createBufferFromStream(file));
                // Ligatures would have to be taken apart again by whoever copies the text.
                type.setEnableGsub(false);
                return type;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /// The typeface for this document, with lines broken as this language does.
    static Typeface of(PDDocument document, Locale locale) throws IOException {
        return new Typeface(PDType0Font.load(document, Shared.TYPE, true), locale);
    }

    PDType0Font font() {
        return font;
    }

    /// The text as it can be shown: one line, of letters that there are.
    String shown(String text) {
        var shown = new StringBuilder();
        narrow(text).codePoints().map(this::shown).forEach(shown::appendCodePoint);
        return shown.toString().strip();
    }

    /// The typeface draws these as wide as a Chinese character, which tears other text apart.
    private String narrow(String text) {
        return locale.getLanguage().equals("zh")
                ? text
                : text.replaceAll("[‘’]", "'").replaceAll("[“”]", "\"").replace("…", "...");
    }

    private int shown(int character) {
        if (Character.isWhitespace(character) || Character.isSpaceChar(character)) {
            return ' ';
        }
        return Character.getType(character) != Character.FORMAT
                        && font.getCmapLookup().getGlyphId(character) != 0
                ? character
                : UNKNOWN;
    }

    /// How wide a text is, in points.
    float width(String text, float size) {
        var units =
                text.codePoints().map(font.getCmapLookup()::getGlyphId).map(this::advance).sum();
        return units * size / unitsPerEm;
    }

    private int advance(int glyph) {
        try {
            return Shared.TYPE.getAdvanceWidth(glyph);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The text in lines that are no wider than this.
    List<String> lines(String text, float size, float width) {
        var lines = new ArrayList<String>();
        var line = new StringBuilder();
        for (var piece : pieces(shown(text))) {
            // A key or a hash that no line can hold goes on where the line ends.
            var parts = width(piece.strip(), size) > width ? letters(piece) : List.of(piece);
            for (var part : parts) {
                if (!line.isEmpty() && width((line + part).stripTrailing(), size) > width) {
                    lines.add(line.toString().stripTrailing());
                    line.setLength(0);
                }
                line.append(part);
            }
        }
        lines.add(line.toString().stripTrailing());
        return lines;
    }

    private static List<String> letters(String text) {
        return text.codePoints().mapToObj(Character::toString).toList();
    }

    /// Where the language allows a line to end.
    private List<String> pieces(String text) {
        var pieces = new ArrayList<String>();
        var places = BreakIterator.getLineInstance(locale);
        places.setText(text);
        for (int from = places.first(), to = places.next();
                to != BreakIterator.DONE;
                from = to, to = places.next()) {
            pieces.add(text.substring(from, to));
        }
        return pieces;
    }
}
