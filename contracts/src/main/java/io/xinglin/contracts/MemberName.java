package io.xinglin.contracts;

/// An organisation's name for people.
///
/// @param zh in Chinese
/// @param en in English
public record MemberName(String zh, String en) {
    static MemberName read(JsonObject name) {
        name.only("zh", "en");
        return new MemberName(name.string("zh", Patterns.TITLE), name.string("en", Patterns.TITLE));
    }

    JsonObject json() {
        return JsonObject.with("zh", zh).with("en", en).build();
    }
}
