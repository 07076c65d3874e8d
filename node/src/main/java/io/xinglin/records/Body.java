package io.xinglin.records;

import ca.uhn.fhir.parser.DataFormatException;
import ca.uhn.fhir.rest.api.EncodingEnum;
import ca.uhn.fhir.rest.api.server.RequestDetails;
import ca.uhn.fhir.rest.server.RestfulServerUtils;
import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;
import org.hl7.fhir.r4.model.Resource;

/// The body of a request: JSON or XML, checked before it becomes objects.
final class Body {
    private Body() {}

    /// The resource in it.
    static Resource resource(RequestDetails request) {
        var content = request.loadRequestContents();
        return switch (form(request)) {
            case JSON -> {
                BundleReader.check(content);
                yield parsed(() -> Whole.parse(text(content), "The body"));
            }
            case XML -> {
                XmlCheck.check(content);
                var xml = EncodingEnum.XML.newParser(R4.context());
                var resource = parsed(() -> (Resource) xml.parseResource(text(content)));
                R4.refuseHugeNumbers(resource);
                yield resource;
            }
            default -> throw Outcomes.unknownForm();
        };
    }

    /// The resource of the type that the address names.
    static Resource ofItsType(RequestDetails request) {
        var resource = resource(request);
        if (!resource.fhirType().equals(request.getResourceName())) {
            throw Outcomes.malformed(
                    "The body is a "
                            + resource.fhirType()
                            + " where a "
                            + request.getResourceName()
                            + " belongs.");
        }
        return resource;
    }

    /// The same, made only if it must be.
    static Change.Content content(RequestDetails request) {
        if (form(request) == EncodingEnum.JSON) {
            var sent = request.loadRequestContents();
            BundleReader.checkCharacters(sent);
            return new Sent(
                    () -> BundleReader.utf8(sent, 0, sent.length), () -> ofItsType(request));
        }
        var resource = ofItsType(request);
        return _ -> resource;
    }

    /// A bundle, as JSON.
    static byte[] bundle(RequestDetails request) {
        return form(request) == EncodingEnum.JSON
                ? request.loadRequestContents()
                : R4.json()
                        .encodeResourceToString(resource(request))
                        .getBytes(StandardCharsets.UTF_8);
    }

    private static EncodingEnum form(RequestDetails request) {
        var form = RestfulServerUtils.determineRequestEncodingNoDefault(request);
        if (form == null) {
            throw Outcomes.unknownForm();
        }
        return form;
    }

    private static String text(byte[] content) {
        return new String(content, StandardCharsets.UTF_8);
    }

    private static Resource parsed(Supplier<Resource> parse) {
        try {
            return parse.get();
        } catch (DataFormatException e) {
            throw Outcomes.malformed("The body is refused: " + BundleReader.plain(e));
        }
    }
}
