package io.xinglin.paper;

import java.io.IOException;
import java.util.Map;
import org.apache.pdfbox.cos.COSArray;
import org.apache.pdfbox.cos.COSDictionary;
import org.apache.pdfbox.cos.COSName;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.PDPageContentStream;
import org.apache.pdfbox.pdmodel.common.PDNumberTreeNode;
import org.apache.pdfbox.pdmodel.common.PDRectangle;
import org.apache.pdfbox.pdmodel.documentinterchange.logicalstructure.PDMarkInfo;
import org.apache.pdfbox.pdmodel.documentinterchange.logicalstructure.PDParentTreeValue;
import org.apache.pdfbox.pdmodel.documentinterchange.logicalstructure.PDStructureElement;
import org.apache.pdfbox.pdmodel.documentinterchange.logicalstructure.PDStructureNode;
import org.apache.pdfbox.pdmodel.documentinterchange.logicalstructure.PDStructureTreeRoot;
import org.apache.pdfbox.pdmodel.documentinterchange.taggedpdf.StandardStructureTypes;

/// What is a heading, a list or a picture on a page, for those who listen to it.
///
/// @spec https://www.iso.org/standard/75839.html ISO 32000-2, section 14.8
final class Structure {
    private static final int PAGE = 0;

    private final PDPage page;
    private final PDStructureElement document;
    private final COSArray marked = new COSArray();

    Structure(PDDocument document, PDPage page) {
        this.page = page;
        var root = new PDStructureTreeRoot();
        this.document = child(root, StandardStructureTypes.DOCUMENT);
        var parents = new PDNumberTreeNode(PDParentTreeValue.class);
        parents.setNumbers(Map.of(PAGE, new PDParentTreeValue(marked)));
        root.setParentTree(parents);
        root.setParentTreeNextKey(PAGE + 1);
        page.setStructParents(PAGE);
        page.getCOSObject().setName(COSName.getPDFName("Tabs"), "S");
        var catalog = document.getDocumentCatalog();
        catalog.setStructureTreeRoot(root);
        var mark = new PDMarkInfo();
        mark.setMarked(true);
        catalog.setMarkInfo(mark);
    }

    /// Something right on the page.
    PDStructureElement child(String type) {
        return child(document, type);
    }

    /// Something within something else.
    PDStructureElement child(PDStructureNode parent, String type) {
        var child = new PDStructureElement(type, parent);
        child.setPage(page);
        parent.appendKid(child);
        return child;
    }

    /// A picture, in words.
    PDStructureElement figure(String words, PDRectangle place) {
        var figure = child(StandardStructureTypes.Figure);
        figure.setAlternateDescription(words);
        var layout = new COSDictionary();
        layout.setName(COSName.O, "Layout");
        layout.setItem(COSName.BBOX, place);
        figure.getCOSObject().setItem(COSName.A, layout);
        return figure;
    }

    /// What is drawn from here until the end of the mark is this.
    void mark(PDPageContentStream ink, PDStructureElement element) throws IOException {
        var id = marked.size();
        ink.beginMarkedContent(COSName.getPDFName(element.getStructureType()), id);
        element.appendKid(id);
        marked.add(element.getCOSObject());
    }
}
