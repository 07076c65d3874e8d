package io.xinglin.records;

import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/// The references in a resource as this program encodes it, where `"reference":"` begins nothing else: inside a text the
/// quotation marks would be escaped.
final class References {
    private static final String MARK = "\"reference\":\"";

    private References() {}

    static Set<String> in(String json) {
        var references = new HashSet<String>();
        for (var at = json.indexOf(MARK); at >= 0; at = json.indexOf(MARK, at)) {
            at += MARK.length();
            references.add(json.substring(at, json.indexOf('"', at)));
        }
        return references;
    }

    /// The resource with some of its references replaced.
    static String rewrite(String json, Map<String, String> replacements) {
        var rewritten = new StringBuilder(json.length());
        var done = 0;
        for (var at = json.indexOf(MARK); at >= 0; at = json.indexOf(MARK, at)) {
            at += MARK.length();
            var end = json.indexOf('"', at);
            var replacement = replacements.get(json.substring(at, end));
            if (replacement != null) {
                rewritten.append(json, done, at).append(replacement);
                done = end;
            }
        }
        return done == 0 ? json : rewritten.append(json, done, json.length()).toString();
    }

    /// Whether it must be looked up before the resource can be stored: `urn:uuid:…`, `Practitioner?identifier=…`.
    static boolean isOpen(String reference) {
        return reference.startsWith("urn:uuid:")
                || reference.startsWith("urn:oid:")
                || (reference.indexOf('?') > 0 && reference.matches("[A-Z][A-Za-z]+\\?.*"));
    }

    /// The reference without the organisation's own address.
    ///
    /// @param base that address, with a slash at the end
    static String relative(String reference, String base) {
        return reference.startsWith(base) ? reference.substring(base.length()) : reference;
    }
}
