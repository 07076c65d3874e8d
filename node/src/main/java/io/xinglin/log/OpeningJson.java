package io.xinglin.log;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// An [Opening] as a receipt carries it: `{"salt": base64, "statement": text}`.
final class OpeningJson {
    private static final JsonMapper JSON =
            JsonMapper.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .build();

    private OpeningJson() {}

    static byte[] format(Opening opening) {
        var fields = new TreeMap<String, String>();
        fields.put("salt", Base64.getEncoder().encodeToString(opening.salt()));
        fields.put("statement", new String(opening.statement(), StandardCharsets.UTF_8));
        return JSON.writeValueAsBytes(fields);
    }

    /// @throws IllegalArgumentException if it is anything else
    static Opening parse(byte[] json) {
        var fields = object(json);
        if (fields.size() != 2
                || !fields.path("salt").isString()
                || !fields.path("statement").isString()) {
            throw new IllegalArgumentException("an opening is a salt and a statement");
        }
        var opening =
                Opening.of(
                        Base64.getDecoder().decode(fields.get("salt").stringValue()),
                        fields.get("statement").stringValue().getBytes(StandardCharsets.UTF_8));
        if (!Arrays.equals(format(opening), json)) {
            throw new IllegalArgumentException("an opening has one form");
        }
        return opening;
    }

    /// What a statement says: its fields in order, as text.
    static Map<String, String> statement(Opening opening) {
        var said = new LinkedHashMap<String, String>();
        object(opening.statement())
                .properties()
                .forEach(
                        field ->
                                said.put(
                                        field.getKey(),
                                        field.getValue().isString()
                                                ? field.getValue().stringValue()
                                                : field.getValue().toString()));
        return said;
    }

    private static JsonNode object(byte[] json) {
        try {
            var read = JSON.readTree(json);
            if (read.isObject()) {
                return read;
            }
        } catch (JacksonException _) {
            // Told below: what was wrong with it may quote it.
        }
        throw new IllegalArgumentException("not a JSON object");
    }
}
