package io.xinglin.paper;

import io.xinglin.paper.Block.Fact;
import io.xinglin.paper.Block.Heading;
import io.xinglin.paper.Block.Item;
import io.xinglin.paper.Block.Text;
import io.xinglin.paper.Block.Title;
import io.xinglin.web.Words;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The certificate of an erasure in one language, for the person whose record it was: what was destroyed, what is left and why, and
/// how to check it. It says nothing that the signed text does not say.
final class Certificate {
    private final Words words;
    private final String node;
    private final List<Block> blocks = new ArrayList<>();

    /// @param node its address
    Certificate(Words words, String node) {
        this.words = words;
        this.node = node;
    }

    /// The page.
    ///
    /// @param jws as it was signed
    /// @param file the name of it as a file
    Explanation explain(String jws, String file) {
        var parts = jws.split("\\.", -1);
        var header = json(parts[0]);
        var said = json(parts[1]);
        var name = said.path("organisation").path(words.isChinese() ? "zh" : "en").asString("");
        blocks.add(new Title(words.say("paper.erased.title")));
        text("paper.erased.lead", name);
        heading("paper.erased.what");
        tellDestroyed(said, name);
        heading("paper.erased.left");
        item("paper.erased.left.log");
        item("paper.erased.left.ledger");
        item("paper.erased.left.accesses");
        item("paper.erased.left.backups", name);
        item("paper.erased.left.others", name);
        heading("paper.check");
        item("paper.erased.check.signature", node + "/explorer/keys/" + text(header, "kid"));
        item("paper.erased.check.log", text(said, "logEntry"));
        heading("paper.details");
        fact("paper.erased.id", text(said, "jti"));
        fact("paper.erased.patient", text(said, "patient"));
        fact("paper.erased.entries", text(said.path("destroyed"), "entries"));
        fact("paper.erased.key", text(header, "kid"));
        var texts = Codes.texts(jws);
        return new Explanation(
                words.locale(),
                words.say("paper.erased.document", name),
                blocks,
                List.of(
                        new Heading(words.say("paper.erased.codes")),
                        new Text(
                                texts.isEmpty()
                                        ? words.say("paper.erased.codes.none", file)
                                        : words.say(
                                                "paper.erased.codes.some", texts.size(), file))),
                IntStream.rangeClosed(1, texts.size())
                        .mapToObj(i -> words.say("paper.code", i, texts.size()))
                        .toList(),
                file,
                jws,
                texts);
    }

    private void tellDestroyed(JsonNode said, String name) {
        var destroyed = said.path("destroyed");
        fact("paper.erased.by", name);
        fact("paper.officer", text(destroyed, "officer"));
        fact("paper.erased.asked", moment(text(said, "requested")));
        fact("paper.erased.done", moment(text(said, "erased")));
        fact("paper.erased.keys", number(destroyed, "keys"));
        fact("paper.erased.resources", number(destroyed, "resources"));
        fact("paper.erased.versions", number(destroyed, "versions"));
        text("paper.erased.how");
    }

    private static JsonNode json(String part) {
        return JsonMapper.shared().readTree(Base64.getUrlDecoder().decode(part));
    }

    private static String text(JsonNode object, String name) {
        return object.path(name).asString("");
    }

    private String number(JsonNode object, String name) {
        return words.number(object.path(name).asLong(0));
    }

    private String moment(String time) {
        var instant = Instant.parse(time);
        var offset = words.zone().getRules().getOffset(instant);
        var zone = offset.getTotalSeconds() == 0 ? "UTC" : "UTC" + offset;
        return words.say("paper.moment", words.moment(instant), zone);
    }

    private void heading(String key) {
        blocks.add(new Heading(words.say(key)));
    }

    private void text(String key, Object... arguments) {
        blocks.add(new Text(words.say(key, arguments)));
    }

    private void item(String key, Object... arguments) {
        blocks.add(new Item(words.say(key, arguments)));
    }

    private void fact(String key, String value) {
        if (!value.isBlank()) {
            blocks.add(new Fact(words.say("paper.label", words.say(key)), value));
        }
    }
}
