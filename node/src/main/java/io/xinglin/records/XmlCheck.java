package io.xinglin.records;

import java.io.ByteArrayInputStream;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;

/// Refuses XML that is more than elements and attributes: a document type, entities, or nesting beyond reason.
final class XmlCheck {
    /// As deep as the parser of JSON goes.
    private static final int DEPTH_MAX = 500;

    private XmlCheck() {}

    static void check(byte[] content) {
        // Not shared: a factory is not for two threads at once.
        var factory = XMLInputFactory.newFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        factory.setProperty(XMLInputFactory.IS_REPLACING_ENTITY_REFERENCES, false);
        try {
            var reader = factory.createXMLStreamReader(new ByteArrayInputStream(content));
            for (var depth = 0; reader.hasNext(); ) {
                switch (reader.next()) {
                    case XMLStreamConstants.START_ELEMENT -> depth++;
                    case XMLStreamConstants.END_ELEMENT -> depth--;
                    case XMLStreamConstants.DTD, XMLStreamConstants.ENTITY_REFERENCE ->
                            throw Outcomes.malformed(
                                    "A document type and entities have no place in FHIR.");
                    default -> {}
                }
                if (depth > DEPTH_MAX) {
                    throw Outcomes.malformed("The body is nested too deep.");
                }
            }
        } catch (XMLStreamException e) {
            throw Outcomes.malformed("The body is not well-formed XML" + place(e) + ".");
        }
    }

    private static String place(XMLStreamException e) {
        var at = e.getLocation();
        return at == null
                ? ""
                : " (line " + at.getLineNumber() + ", column " + at.getColumnNumber() + ")";
    }
}
