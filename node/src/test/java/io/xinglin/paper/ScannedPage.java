package io.xinglin.paper;

import com.google.zxing.Binarizer;
import com.google.zxing.BinaryBitmap;
import com.google.zxing.DecodeHintType;
import com.google.zxing.LuminanceSource;
import com.google.zxing.RGBLuminanceSource;
import com.google.zxing.ReaderException;
import com.google.zxing.common.GlobalHistogramBinarizer;
import com.google.zxing.common.HybridBinarizer;
import com.google.zxing.qrcode.QRCodeReader;
import java.awt.Color;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.cos.COSName;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.common.PDRectangle;
import org.apache.pdfbox.pdmodel.documentinterchange.logicalstructure.PDStructureElement;
import org.apache.pdfbox.pdmodel.documentinterchange.logicalstructure.PDStructureNode;
import org.apache.pdfbox.pdmodel.documentinterchange.taggedpdf.StandardStructureTypes;
import org.apache.pdfbox.rendering.ImageType;
import org.apache.pdfbox.rendering.PDFRenderer;
import org.apache.pdfbox.text.PDFTextStripper;
import org.apache.pdfbox.text.TextPosition;

/// A PDF of one page as people and their machines see it.
final class ScannedPage implements AutoCloseable {
    /// A camera looks more than once, from a little nearer or further away, and is never held quite straight: of a code in its
    /// exact place, one in some hundred looks to the reader as if it were elsewhere.
    private static final List<Integer> DOTS_PER_INCH = List.of(300, 330, 370, 410);

    private static final List<Integer> DEGREES = List.of(0, 3, 5);

    private final PDDocument document;

    private ScannedPage(PDDocument document) {
        this.document = document;
    }

    static ScannedPage of(byte[] pdf) {
        try {
            return new ScannedPage(Loader.loadPDF(pdf));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    PDDocument document() {
        return document;
    }

    /// What can be read on it, without the ends of lines.
    String text() {
        try {
            return new PDFTextStripper().getText(document).replaceAll("\\R", " ");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The same without any spaces: lines end where they must.
    String letters() {
        return text().replace(" ", "");
    }

    /// Where its letters are.
    List<TextPosition> positions() {
        var positions = new ArrayList<TextPosition>();
        try {
            new PDFTextStripper() {
                @Override
                protected void processTextPosition(TextPosition position) {
                    positions.add(position);
                }
            }.getText(document);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return positions;
    }

    /// What its codes say, one directly after the other: each is held before the camera by itself.
    String scanned() {
        var pictures = DOTS_PER_INCH.stream().map(this::picture).toList();
        return figures(document.getDocumentCatalog().getStructureTreeRoot())
                .map(figure -> scanned(pictures, figure))
                .collect(Collectors.joining());
    }

    private String scanned(List<BufferedImage> pictures, PDRectangle figure) {
        return DEGREES.stream()
                .flatMap(turned -> pictures.stream().map(it -> light(it, figure, turned)))
                .flatMap(it -> Stream.of(new HybridBinarizer(it), new GlobalHistogramBinarizer(it)))
                .map(ScannedPage::decoded)
                .flatMap(Optional::stream)
                .findFirst()
                .orElseThrow(() -> new AssertionError("a code that cannot be read"));
    }

    private static Optional<String> decoded(Binarizer dots) {
        try {
            var hints = Map.of(DecodeHintType.TRY_HARDER, true);
            return Optional.of(new QRCodeReader().decode(new BinaryBitmap(dots), hints).getText());
        } catch (ReaderException _) {
            return Optional.empty();
        }
    }

    private static Stream<PDRectangle> figures(PDStructureNode parent) {
        return parent.getKids().stream()
                .filter(PDStructureElement.class::isInstance)
                .map(PDStructureElement.class::cast)
                .flatMap(
                        kid ->
                                kid.getStructureType().equals(StandardStructureTypes.Figure)
                                        ? Stream.of(place(kid))
                                        : figures(kid));
    }

    private static PDRectangle place(PDStructureElement figure) {
        return new PDRectangle(
                figure.getCOSObject().getCOSDictionary(COSName.A).getCOSArray(COSName.BBOX));
    }

    private LuminanceSource light(BufferedImage picture, PDRectangle figure, int degrees) {
        var dots = picture.getWidth() / document.getPage(0).getMediaBox().getWidth();
        var left = (int) (figure.getLowerLeftX() * dots);
        var top = (int) (picture.getHeight() - figure.getUpperRightY() * dots);
        var size = (int) (figure.getWidth() * dots);
        var around = size / 10;
        var seen = new BufferedImage(size + 2 * around, size + 2 * around, picture.getType());
        var ink = seen.createGraphics();
        ink.setColor(Color.WHITE);
        ink.fillRect(0, 0, seen.getWidth(), seen.getHeight());
        ink.setRenderingHint(
                RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
        ink.rotate(Math.toRadians(degrees), seen.getWidth() / 2.0, seen.getHeight() / 2.0);
        ink.drawImage(picture.getSubimage(left, top, size, size), around, around, null);
        ink.dispose();
        var width = seen.getWidth();
        return new RGBLuminanceSource(
                width, width, seen.getRGB(0, 0, width, width, null, 0, width));
    }

    private BufferedImage picture(int dotsPerInch) {
        try {
            return new PDFRenderer(document).renderImageWithDPI(0, dotsPerInch, ImageType.GRAY);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The files attached to it.
    Map<String, String> attached() {
        try {
            return document
                    .getDocumentCatalog()
                    .getNames()
                    .getEmbeddedFiles()
                    .getNames()
                    .entrySet()
                    .stream()
                    .collect(
                            Collectors.toMap(
                                    Map.Entry::getKey,
                                    file -> {
                                        try {
                                            return new String(
                                                    file.getValue().getEmbeddedFile().toByteArray(),
                                                    StandardCharsets.UTF_8);
                                        } catch (IOException e) {
                                            throw new UncheckedIOException(e);
                                        }
                                    }));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try {
            document.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
