package io.xinglin.paper;

import com.google.zxing.qrcode.encoder.ByteMatrix;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.apache.pdfbox.cos.COSArray;
import org.apache.pdfbox.cos.COSName;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDDocumentNameDictionary;
import org.apache.pdfbox.pdmodel.PDEmbeddedFilesNameTreeNode;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.PDPageContentStream;
import org.apache.pdfbox.pdmodel.common.PDRectangle;
import org.apache.pdfbox.pdmodel.common.filespecification.PDComplexFileSpecification;
import org.apache.pdfbox.pdmodel.common.filespecification.PDEmbeddedFile;
import org.apache.pdfbox.pdmodel.documentinterchange.logicalstructure.PDStructureElement;
import org.apache.pdfbox.pdmodel.documentinterchange.taggedpdf.StandardStructureTypes;
import org.apache.pdfbox.pdmodel.graphics.state.RenderingMode;
import org.apache.pdfbox.pdmodel.interactive.viewerpreferences.PDViewerPreferences;
import org.apache.pdfbox.util.Matrix;
import org.jspecify.annotations.Nullable;

/// An explanation as a PDF of one page of A4: text that can be read, searched, copied and listened to, the receipt as QR codes at the
/// bottom, and as an attached file.
///
/// However much there is to say, it fits: the letters become smaller, at worst half as large.
final class Sheet {
    private static final float MARGIN = 46;
    private static final float WIDTH = PDRectangle.A4.getWidth() - 2 * MARGIN;
    private static final float CODE_GAP = 14;
    private static final float CODE = (WIDTH - (Codes.COUNT_MAX - 1) * CODE_GAP) / Codes.COUNT_MAX;

    /// Room for the number below a code.
    private static final float NUMBER = 12;

    /// White modules around a code.
    private static final int QUIET = 4;

    private static final float LEADING = 1.42f;
    private static final float SCALE_MIN = 0.5f;
    private static final float SCALE_STEP = 0.02f;

    private final Explanation explanation;
    private final PDDocument document;
    private final PDPage page;
    private final Structure structure;
    private final Typeface typeface;
    private final PDPageContentStream ink;
    private final float scale;
    private float y = PDRectangle.A4.getHeight() - MARGIN;
    private @Nullable PDStructureElement list;

    private Sheet(Explanation explanation, PDDocument document) throws IOException {
        this.explanation = explanation;
        this.document = document;
        this.page = new PDPage(PDRectangle.A4);
        document.addPage(page);
        this.structure = new Structure(document, page);
        this.typeface = Typeface.of(document, explanation.locale());
        this.scale = scale();
        this.ink = new PDPageContentStream(document, page);
    }

    /// The PDF.
    static byte[] print(Explanation explanation) {
        try (var document = new PDDocument()) {
            var sheet = new Sheet(explanation, document);
            sheet.describe();
            sheet.attach();
            sheet.draw();
            var pdf = new ByteArrayOutputStream();
            document.save(pdf);
            return pdf.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void describe() {
        var catalog = document.getDocumentCatalog();
        catalog.setLanguage(explanation.locale().toLanguageTag());
        var preferences = new PDViewerPreferences();
        preferences.setDisplayDocTitle(true);
        catalog.setViewerPreferences(preferences);
        document.getDocumentInformation().setTitle(typeface.shown(explanation.title()));
        document.getDocumentInformation().setProducer("Xinglin");
    }

    private void attach() throws IOException {
        var receipt = explanation.receipt().getBytes(StandardCharsets.UTF_8);
        var content =
                new PDEmbeddedFile(
                        document, new ByteArrayInputStream(receipt), COSName.FLATE_DECODE);
        content.setSubtype("text/plain");
        content.setSize(receipt.length);
        var file = new PDComplexFileSpecification();
        file.setFile(explanation.file());
        file.setFileUnicode(explanation.file());
        file.setEmbeddedFile(content);
        file.setEmbeddedFileUnicode(content);
        file.getCOSObject().setName("AFRelationship", "Source");
        var files = new PDEmbeddedFilesNameTreeNode();
        files.setNames(Map.of(explanation.file(), file));
        var catalog = document.getDocumentCatalog();
        var names = new PDDocumentNameDictionary(catalog);
        names.setEmbeddedFiles(files);
        catalog.setNames(names);
        var associated = new COSArray();
        associated.add(file.getCOSObject());
        catalog.getCOSObject().setItem(COSName.getPDFName("AF"), associated);
    }

    // How much fits.

    private float scale() {
        var room = PDRectangle.A4.getHeight() - 2 * MARGIN - codesHeight();
        var fitting = 1f;
        while (fitting > SCALE_MIN
                && height(explanation.blocks(), fitting) + height(explanation.codes(), fitting)
                        > room) {
            fitting -= SCALE_STEP;
        }
        return fitting;
    }

    private float codesHeight() {
        return explanation.texts().isEmpty() ? 0 : CODE + NUMBER;
    }

    private float height(List<Block> blocks, float scale) {
        var height = 0f;
        for (var block : blocks) {
            var style = Style.of(block);
            var lines = lines(block, style, scale).size();
            height += (style.before() + lines * style.size() * LEADING) * scale;
        }
        return height;
    }

    private List<String> lines(Block block, Style style, float scale) {
        return typeface.lines(
                Style.text(block), style.size() * scale, WIDTH - style.indent() * scale);
    }

    // Text.

    private void draw() throws IOException {
        try (ink) {
            for (var block : explanation.blocks()) {
                draw(block);
            }
            if (!explanation.texts().isEmpty()) {
                y = MARGIN + codesHeight() + height(explanation.codes(), scale);
            }
            for (var block : explanation.codes()) {
                draw(block);
            }
            drawCodes();
        }
    }

    private void draw(Block block) throws IOException {
        var style = Style.of(block);
        y -= style.before() * scale;
        structure.mark(ink, element(block, style));
        var size = style.size() * scale;
        switch (block) {
            case Block.Item _ -> write("•", 0, style, size);
            case Block.Fact(var label, _) -> write(typeface.shown(label), 0, Style.LABEL, size);
            case Block.Title _, Block.Heading _, Block.Text _, Block.Command _ -> {}
        }
        for (var line : lines(block, style, scale)) {
            write(line, style.indent() * scale, style, size);
            y -= size * LEADING;
        }
        ink.endMarkedContent();
    }

    private PDStructureElement element(Block block, Style style) {
        if (!(block instanceof Block.Item)) {
            list = null;
            return structure.child(style.type());
        }
        if (list == null) {
            list = structure.child(StandardStructureTypes.L);
        }
        return structure.child(
                structure.child(list, StandardStructureTypes.LI), StandardStructureTypes.L_BODY);
    }

    private void write(String line, float indent, Style style, float size) throws IOException {
        var color = style.color();
        ink.beginText();
        ink.setFont(typeface.font(), size);
        ink.setNonStrokingColor(color);
        if (style.bold()) {
            ink.setStrokingColor(color);
            ink.setLineWidth(size * 0.032f);
            ink.setRenderingMode(RenderingMode.FILL_STROKE);
        } else {
            ink.setRenderingMode(RenderingMode.FILL);
        }
        ink.newLineAtOffset(MARGIN + indent, y - size);
        ink.showText(line);
        ink.endText();
    }

    // Codes.

    private void drawCodes() throws IOException {
        for (var i = 0; i < explanation.texts().size(); i++) {
            var x = MARGIN + i * (CODE + CODE_GAP);
            var place = new PDRectangle(x, MARGIN + NUMBER, CODE, CODE);
            structure.mark(ink, structure.figure(explanation.captions().get(i), place));
            draw(Codes.draw(explanation.texts().get(i)), place);
            ink.endMarkedContent();
            structure.mark(ink, structure.child(StandardStructureTypes.CAPTION));
            y = MARGIN + NUMBER;
            var number = i + 1 + "/" + explanation.texts().size();
            var left = x + (CODE - typeface.width(number, Style.LABEL.size())) / 2;
            write(number, left - MARGIN, Style.LABEL, Style.LABEL.size());
            ink.endMarkedContent();
        }
    }

    /// All modules are one shape, so that no hair-line shows between them.
    private void draw(ByteMatrix modules, PDRectangle place) throws IOException {
        var size = modules.getWidth();
        var unit = place.getWidth() / (size + 2 * QUIET);
        var left = place.getLowerLeftX() + QUIET * unit;
        var bottom = place.getLowerLeftY() + QUIET * unit;
        ink.saveGraphicsState();
        ink.transform(new Matrix(unit, 0, 0, unit, left, bottom));
        ink.setNonStrokingColor(0f);
        for (var row = 0; row < size; row++) {
            for (var from = 0; from < size; from++) {
                var to = from;
                while (to < size && modules.get(to, row) == 1) {
                    to++;
                }
                if (to > from) {
                    ink.addRect(from, size - 1f - row, to - from, 1);
                    from = to;
                }
            }
        }
        ink.fill();
        ink.restoreGraphicsState();
    }
}
