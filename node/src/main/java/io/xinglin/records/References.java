package io.xinglin.records;

import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/// The references in a resource as this program encodes it, where `"reference":"` begins nothing else: inside a text the
/// quotation marks would be escaped.
final class References {
    private static final String MARK = "\"reference\":\"";

    private static final Pattern RELATIVE =
            Pattern.compile("[A-Z][A-Za-z]+/[A-Za-z0-9.-]{1,64}(/_history/.*)?");

    private References() {}

    /// Whether it is `Type/id`, to be read against the base of the resource it is in.
    static boolean isRelative(String reference) {
        return RELATIVE.matcher(reference).matches();
    }

    /// The base of an address `base/Type/id` of a resource of this type.
    static Optional<String> base(String fullUrl, String type) {
        var mark = "/" + type + "/";
        var at = fullUrl.lastIndexOf(mark);
        return at > 0
                        && (fullUrl.startsWith("http://") || fullUrl.startsWith("https://"))
                        && ResourceId.isId(fullUrl.substring(at + mark.length()))
                ? Optional.of(fullUrl.substring(0, at + 1))
                : Optional.empty();
    }

    static Set<String> in(String json) {
        var references = new HashSet<String>();
        for (var at = json.indexOf(MARK); at >= 0; at = json.indexOf(MARK, at)) {
            at += MARK.length();
            references.add(json.substring(at, json.indexOf('"', at)));
        }
        return references;
    }

    /// The resource with its references replaced by what each becomes.
    static String rewrite(String json, UnaryOperator<String> becomes) {
        var rewritten = new StringBuilder(json.length());
        var done = 0;
        for (var at = json.indexOf(MARK); at >= 0; at = json.indexOf(MARK, at)) {
            at += MARK.length();
            var end = json.indexOf('"', at);
            var reference = json.substring(at, end);
            var replacement = becomes.apply(reference);
            if (!replacement.equals(reference)) {
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
