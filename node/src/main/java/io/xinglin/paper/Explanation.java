package io.xinglin.paper;

import java.util.List;
import java.util.Locale;

/// What a page says, in one language.
///
/// @param title of the document, for those who look at files
/// @param blocks from top to bottom
/// @param codes what stands above the codes
/// @param captions one for each code; what it is, for those who cannot see it
/// @param file the name of the receipt in the document
/// @param receipt the receipt itself
/// @param texts what the codes say
record Explanation(
        Locale locale,
        String title,
        List<Block> blocks,
        List<Block> codes,
        List<String> captions,
        String file,
        String receipt,
        List<String> texts) {
    Explanation {
        blocks = List.copyOf(blocks);
        codes = List.copyOf(codes);
        captions = List.copyOf(captions);
        texts = List.copyOf(texts);
    }

    /// It says what the receipt says.
    @Override
    public String toString() {
        return "Explanation[redacted]";
    }
}
