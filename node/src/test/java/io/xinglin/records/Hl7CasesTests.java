package io.xinglin.records;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ca.uhn.fhir.rest.api.EncodingEnum;
import ca.uhn.fhir.rest.server.exceptions.InvalidRequestException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.transform.TransformerFactory;
import javax.xml.transform.dom.DOMSource;
import javax.xml.transform.stream.StreamResult;
import org.hl7.fhir.instance.model.api.IBase;
import org.hl7.fhir.instance.model.api.IPrimitiveType;
import org.hl7.fhir.r4.model.Parameters;
import org.hl7.fhir.r4.model.Patient;
import org.hl7.fhir.r4.model.Resource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.w3c.dom.Element;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// HL7's own cases for patches and FHIRPath, tried on ours. Those for XML Patch have nothing to be tried on: it is refused.
class Hl7CasesTests {
    private static final String CASES = "/org/hl7/fhir/testcases/r4/";

    /// Comparing and computing with amounts is refused: a patch names elements by what they are called, and the engine knows units
    /// only from a service that is not there. The other three HAPI's engine sees otherwise; no patch is the worse for it.
    private static final Set<String> DIFFERING =
            new TreeSet<>(
                    List.of(
                            """
                            testEquality28 testEquivalent22 testGreaterThan22 testGreatorOrEqual22
                            testLessOrEqual22 testNEquality24 testNotEquivalent22 testQuantity1 testQuantity2
                            testQuantity3 testQuantity4 testQuantity5 testQuantity6 testQuantity7
                            testQuantity8 testQuantity9 testQuantity10 testQuantity11
                            testFHIRPathIsFunction9 testPolymorphicsB testPrecedence3
                            """
                                    .strip()
                                    .split("\\s+", -1)));

    // Patches.

    static Stream<Arguments> fhirPathPatches() throws Exception {
        return elements(xml("patch/fhir-patch-tests.xml"), "case")
                .map(one -> Arguments.of(one.getAttribute("name"), one));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("fhirPathPatches")
    void a_fhirpath_patch(String name, Element test) throws Exception {
        var input = resource(child(test, "input"));
        input.setId("x");
        var patch = Patches.fhirPath((Parameters) resource(child(test, "diff")), "the resource");
        var before = json(input).getBytes(StandardCharsets.UTF_8);

        if (elements(test, "error").findAny().isPresent()) {
            assertThatThrownBy(() -> patch.given(() -> before)).as(name).isNotNull();
            return;
        }
        var output = resource(child(test, "output"));
        output.setId("x");
        assertThat(json(patch.given(() -> before))).isEqualTo(json(output));
    }

    static Stream<Arguments> jsonPatches() throws IOException {
        try (var file = open("patch/json-patch-tests.json")) {
            return JsonMapper.shared()
                    .readTree(file.readAllBytes())
                    .valueStream()
                    .map(one -> Arguments.of(one.path("comment").asString(), one));
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("jsonPatches")
    void a_json_patch(String name, JsonNode test) {
        var patch = JsonPatch.parse(test.get("patch").toString().getBytes(StandardCharsets.UTF_8));

        if (test.has("error")) {
            assertThatThrownBy(() -> patch.apply(test.get("doc")))
                    .as(name)
                    .isInstanceOf(JsonPatch.CannotApply.class);
            return;
        }
        assertThat(patch.apply(test.get("doc"))).isEqualTo(test.get("expected"));
    }

    // Paths.

    @Test
    void the_paths_that_a_patch_may_have_name_what_hl7_says() throws Exception {
        var differing = new TreeMap<String, String>();
        var tried = new ArrayList<String>();
        for (var test : paths()) {
            var name = test.getAttribute("name");
            if (test.hasAttribute("predicate") || test.hasAttribute("mode")) {
                continue;
            }
            var expression = child(test, "expression");
            ElementPaths path;
            try {
                path = ElementPaths.parse(expression.getTextContent());
            } catch (InvalidRequestException e) {
                continue;
            }
            tried.add(name);
            var expected =
                    expression.hasAttribute("invalid") ? "refused" : outputs(test).toString();
            var found = named(path, input(test));
            if (!found.equals(expected)) {
                differing.put(
                        name,
                        expression.getTextContent() + ": " + found + " instead of " + expected);
            }
        }

        assertThat(tried).hasSizeGreaterThan(300);
        assertThat(differing.keySet())
                .as(differing.toString())
                .containsExactlyElementsOf(DIFFERING);
    }

    private static String named(ElementPaths path, Resource resource) {
        try {
            return path.in(resource).stream().map(Hl7CasesTests::told).toList().toString();
        } catch (InvalidRequestException e) {
            return "refused";
        }
    }

    private static String told(IBase element) {
        return element.fhirType()
                + (element instanceof IPrimitiveType<?> primitive
                        ? " " + primitive.getValueAsString()
                        : "");
    }

    private static List<String> outputs(Element test) {
        return elements(test, "output")
                .map(
                        output ->
                                (output.getAttribute("type")
                                                + " "
                                                + output.getTextContent().replaceFirst("^@T?", ""))
                                        .strip())
                .toList();
    }

    /// What searches go by is walked by code of our own, over the JSON.
    @Test
    void the_paths_that_a_search_may_go_by_name_what_hl7_says() throws Exception {
        var tried = new ArrayList<String>();
        for (var test : paths()) {
            var resource = input(test);
            var expression = child(test, "expression").getTextContent();
            var path = ElementPath.parse(R4.context().getResourceDefinition(resource), expression);
            if (path.isEmpty()
                    || path.get().target().isPresent()
                    || child(test, "expression").hasAttribute("invalid")
                    || test.hasAttribute("predicate")) {
                continue;
            }
            tried.add(test.getAttribute("name"));
            var found =
                    path.get()
                            .in(JsonMapper.shared().readTree(json(resource)))
                            .map(one -> one.isValueNode() ? one.asString() : "")
                            .toList();
            assertThat(found)
                    .as(expression)
                    .isEqualTo(
                            elements(test, "output")
                                    .map(output -> output.getTextContent().replaceFirst("^@T?", ""))
                                    .toList());
        }
        assertThat(tried).hasSizeGreaterThan(5);
    }

    private static List<Element> paths() throws Exception {
        return elements(xml("fhirpath/tests-fhir-r4.xml"), "test").toList();
    }

    private static Resource input(Element test) throws IOException {
        var name = test.getAttribute("inputfile");
        if (name.isEmpty()) {
            return new Patient();
        }
        try (var file = found("examples/" + name).or(() -> found(name)).orElseThrow()) {
            var form = name.endsWith(".xml") ? EncodingEnum.XML : EncodingEnum.JSON;
            // What is exchanged may not name a schema; some of the files do.
            var text =
                    new String(file.readAllBytes(), StandardCharsets.UTF_8)
                            .replaceFirst("xsi:schemaLocation=\"[^\"]*\"", "");
            return (Resource) form.newParser(R4.context()).parseResource(text);
        }
    }

    // Files.

    private static InputStream open(String name) {
        return found(name).orElseThrow();
    }

    private static Optional<InputStream> found(String name) {
        return Optional.ofNullable(Hl7CasesTests.class.getResourceAsStream(CASES + name));
    }

    private static Element xml(String name) throws Exception {
        try (var file = open(name)) {
            var factory = DocumentBuilderFactory.newInstance();
            factory.setNamespaceAware(true);
            return factory.newDocumentBuilder()
                    .parse(new ByteArrayInputStream(file.readAllBytes()))
                    .getDocumentElement();
        }
    }

    private static Stream<Element> elements(Element in, String name) {
        var nodes = in.getElementsByTagName(name);
        return IntStream.range(0, nodes.getLength()).mapToObj(i -> (Element) nodes.item(i));
    }

    private static Element child(Element in, String name) {
        return elements(in, name).findFirst().orElseThrow();
    }

    /// The resource in an element.
    private static Resource resource(Element in) throws Exception {
        var text = new StringWriter();
        var first =
                IntStream.range(0, in.getChildNodes().getLength())
                        .mapToObj(i -> in.getChildNodes().item(i))
                        .filter(Element.class::isInstance)
                        .findFirst()
                        .orElseThrow();
        var transformer = TransformerFactory.newInstance().newTransformer();
        transformer.setOutputProperty("omit-xml-declaration", "yes");
        transformer.transform(new DOMSource(first), new StreamResult(text));
        return (Resource) EncodingEnum.XML.newParser(R4.context()).parseResource(text.toString());
    }

    private static String json(Resource resource) {
        return R4.json().encodeResourceToString(resource);
    }
}
