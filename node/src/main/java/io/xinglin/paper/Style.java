package io.xinglin.paper;

import java.awt.Color;
import org.apache.pdfbox.pdmodel.documentinterchange.taggedpdf.StandardStructureTypes;

/// How a block looks, and what it is for those who listen.
///
/// @param type of the structure element
/// @param size of its letters, in points
/// @param before how much is left free above it, in points
/// @param indent how far its lines are from the margin, in points
/// @param bold whether its letters are drawn thicker: the typeface comes in one weight
record Style(String type, float size, float before, float indent, boolean bold, Color color) {
    private static final Color INK = new Color(0x1c2424);
    private static final Color PALE_INK = new Color(0x556161);
    private static final Color GREEN = new Color(0x1f614b);

    /// The name of a fact, the number of a code.
    static final Style LABEL = plain(9, 0, 0, PALE_INK);

    static Style of(Block block) {
        return switch (block) {
            case Block.Title _ -> heading(StandardStructureTypes.H1, 19, 0);
            case Block.Heading _ -> heading(StandardStructureTypes.H2, 11.5f, 7);
            case Block.Text _ -> plain(9.5f, 1.5f, 0, INK);
            case Block.Item _ -> plain(9.5f, 1, 11, INK);
            case Block.Fact _ -> plain(9, 0.5f, 104, INK);
            case Block.Command _ -> plain(8, 1, 11, PALE_INK);
        };
    }

    private static Style heading(String type, float size, float before) {
        return new Style(type, size, before, 0, true, GREEN);
    }

    private static Style plain(float size, float before, float indent, Color color) {
        return new Style(StandardStructureTypes.P, size, before, indent, false, color);
    }

    /// What stands in its lines.
    static String text(Block block) {
        return switch (block) {
            case Block.Title(var text) -> text;
            case Block.Heading(var text) -> text;
            case Block.Text(var text) -> text;
            case Block.Item(var text) -> text;
            case Block.Fact(_, var value) -> value;
            case Block.Command(var text) -> text;
        };
    }
}
