package io.xinglin.paper;

import io.xinglin.contracts.Member;
import io.xinglin.log.Examination;
import io.xinglin.log.Examination.Anchorage;
import io.xinglin.log.Witnessed.Cosigned;
import io.xinglin.paper.Block.Command;
import io.xinglin.paper.Block.Fact;
import io.xinglin.paper.Block.Heading;
import io.xinglin.paper.Block.Item;
import io.xinglin.paper.Block.Text;
import io.xinglin.paper.Block.Title;
import io.xinglin.web.Words;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.stream.IntStream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Explains one sound receipt in one language, to somebody who has never heard of logs.
///
/// What the entry says is whatever the owner of the log put into it: it is shown, shortened where it is long, and nothing is
/// concluded from it.
final class Explainer {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final int VALUE_LENGTH_MAX = 200;
    private static final int NAMED_MAX = 10;

    private final Examination found;
    private final Member owner;
    private final Words words;
    private final List<Member> members;
    private final List<Block> blocks = new ArrayList<>();

    /// @param owner whose log it is
    /// @param members those whose names are known
    Explainer(Examination found, Member owner, Words words, List<Member> members) {
        this.found = found;
        this.owner = owner;
        this.words = words;
        this.members = List.copyOf(members);
    }

    /// The page.
    ///
    /// @param file the name of the receipt as a file
    /// @param address where a node explains receipts to everyone
    Explanation explain(String receipt, String file, String address) {
        var title = words.say("paper.title");
        blocks.add(new Title(title));
        text("paper.lead", name(owner));
        tellWhat();
        tellProved();
        tellNotProved();
        var texts = Codes.texts(receipt);
        tellHowToCheck(file, address, !texts.isEmpty());
        tellDetails();
        return new Explanation(
                words.locale(),
                words.say("paper.document", name(owner), place()),
                blocks,
                codes(texts.size(), receipt, file),
                IntStream.rangeClosed(1, texts.size())
                        .mapToObj(i -> words.say("paper.code", i, texts.size()))
                        .toList(),
                file,
                receipt,
                texts);
    }

    // What happened.

    private void tellWhat() {
        heading("paper.what");
        var kind = said("kind");
        text("paper.what." + what(kind), name(owner));
        fact("paper.when", moment(said("time")));
        switch (kind) {
            case "write" -> tellWrite();
            case "disclosure", "refusal" -> tellAccess();
            case "erasure" -> tellErasure();
            default -> tellConsent();
        }
    }

    private String what(String kind) {
        return switch (kind) {
            case "consent" -> consent();
            case "erasure" -> "erasure." + said("action");
            case "write" -> said("action").equals("deleted") ? "deleted" : kind;
            default -> kind;
        };
    }

    private String consent() {
        return said("action").equals("withdrawn") ? "withdrawn" : "granted";
    }

    private void tellWrite() {
        fact("paper.part", word("paper.type", said("resource").replaceFirst("/.*", "")));
        fact("paper.version", join(List.of(said("resource"), said("version"))));
        fact("paper.author", said("author"));
    }

    private void tellAccess() {
        var reader = json("reader");
        fact("paper.who", who(reader));
        fact("paper.part", word("paper.type", said("type")));
        fact("paper.category", listed("categories", "paper.category"));
        fact("paper.why", word("paper.purpose", reader.path("purpose").asString("")));
        fact("paper.reason", word("paper.reason", said("reason")));
        fact("paper.consent", listed("consents", "paper.consent"));
    }

    private String who(JsonNode reader) {
        var organisation = member(reader.path("organisation").asString(""));
        return switch (reader.path("kind").asString("")) {
            case "patient" -> words.say("paper.who.patient");
            case "service" -> words.say("paper.who.system", organisation, named(reader, "client"));
            default -> words.say("paper.who.person", organisation, named(reader, "practitioner"));
        };
    }

    private static String named(JsonNode reader, String field) {
        return shortened(reader.path(field).asString(""));
    }

    private void tellErasure() {
        fact("paper.officer", said("officer"));
        fact("paper.reason", word("paper.refusal", said("reason")));
        fact("paper.erased.versions", said("versions"));
        fact("paper.erasure", said("erasure"));
    }

    private void tellConsent() {
        fact("paper.grantee", member(said("grantee")));
        fact("paper.category", listed("categories", "paper.category"));
        fact("paper.class", listed("classes", "paper.class"));
        fact("paper.why", listed("purposes", "paper.purpose"));
        fact("paper.until", moment(said("until")));
        fact("paper.consent", said("consent"));
    }

    // What it proves.

    private void tellProved() {
        heading("paper.proves");
        item("paper.proves.entry", name(owner), place(), number(size()));
        item("paper.proves.signed", name(owner), number(size()));
        found.cosigned()
                .filter(cosigned -> !cosigned.by().isEmpty())
                .ifPresent(this::tellWitnesses);
        if (found.anchorage() instanceof Anchorage.Covered(var anchored)) {
            item("paper.proves.ledger", moment(anchored.time()), String.valueOf(anchored.block()));
        }
    }

    private void tellWitnesses(Cosigned cosigned) {
        item("paper.proves.witnesses", cosigned.by().size(), number(cosigned.asked()));
    }

    private void tellNotProved() {
        heading("paper.not");
        item("paper.not.right");
        item("paper.not.time", name(owner));
        item("paper.not.who");
    }

    private void tellHowToCheck(String file, String address, boolean withCodes) {
        heading("paper.check");
        item("paper.check.page", address);
        if (withCodes) {
            item("paper.check.codes");
        }
        item("paper.check.command");
        blocks.add(new Command("bin/xinglin verify " + file + " --vkey '" + key() + "'"));
        item("paper.check.others");
    }

    // For those who check.

    private void tellDetails() {
        heading("paper.details");
        fact("paper.details.origin", found.head().origin());
        fact("paper.details.index", found.index() + " / " + size());
        fact("paper.details.root", found.head().root().toString());
        fact("paper.details.key", key());
        found.cosigned().ifPresent(cosigned -> fact("paper.details.cosigned", signers(cosigned)));
    }

    /// Those who signed in the same second together.
    private String signers(Cosigned cosigned) {
        var byTime = new LinkedHashMap<Instant, List<String>>();
        cosigned.by().entrySet().stream()
                .limit(NAMED_MAX)
                .forEach(
                        by ->
                                byTime.computeIfAbsent(by.getValue(), _ -> new ArrayList<>())
                                        .add(shortened(member(by.getKey().value()), 40)));
        var signers = new ArrayList<String>();
        byTime.forEach(
                (time, names) -> signers.add(words.say("paper.signer", join(names), moment(time))));
        if (cosigned.by().size() > NAMED_MAX) {
            signers.add(words.say("paper.more", cosigned.by().size() - NAMED_MAX));
        }
        return join(signers);
    }

    private List<Block> codes(int count, String receipt, String file) {
        return List.of(
                new Heading(words.say("paper.codes")),
                new Text(
                        count == 0
                                ? words.say(
                                        "paper.codes.none",
                                        number(receipt.getBytes(StandardCharsets.UTF_8).length),
                                        file)
                                : words.say("paper.codes.some", count, file)));
    }

    // Words.

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

    private long size() {
        return found.head().size().value();
    }

    private String place() {
        return number(found.index());
    }

    private String number(long value) {
        return words.number(value);
    }

    private String key() {
        return owner.log().vkey();
    }

    private String name(Member member) {
        return words.isChinese() ? member.name().zh() : member.name().en();
    }

    /// A member's name, or what stands in its place.
    private String member(String id) {
        return members.stream()
                .filter(member -> member.id().value().equals(id))
                .findFirst()
                .map(this::name)
                .orElse(shortened(id));
    }

    private String moment(String time) {
        try {
            return moment(Instant.parse(time));
        } catch (DateTimeException _) {
            return shortened(time);
        }
    }

    private String moment(Instant time) {
        try {
            var offset = words.zone().getRules().getOffset(time);
            var zone = offset.getTotalSeconds() == 0 ? "UTC" : "UTC" + offset;
            return words.say("paper.moment", words.moment(time), zone);
        } catch (DateTimeException _) {
            return time.toString();
        }
    }

    // What the entry says.

    private String said(String field) {
        return shortened(found.statement().getOrDefault(field, ""));
    }

    private JsonNode json(String field) {
        try {
            return JSON.readTree(found.statement().getOrDefault(field, "{}"));
        } catch (JacksonException _) {
            return JSON.createObjectNode();
        }
    }

    private String listed(String field, String family) {
        var words =
                json(field)
                        .valueStream()
                        .map(value -> word(family, value.asString("")))
                        .distinct()
                        .toList();
        return shortened(join(words));
    }

    private String join(List<String> values) {
        return String.join(
                words.say("list.comma"), values.stream().filter(it -> !it.isBlank()).toList());
    }

    /// The word for a code, or the code where there is none.
    private String word(String family, String code) {
        var word = words.messages().getMessage(family + "." + code, null, "", words.locale());
        return word == null || word.isEmpty() ? shortened(code) : word;
    }

    private static String shortened(String value) {
        return shortened(value, VALUE_LENGTH_MAX);
    }

    private static String shortened(String value, int lengthMax) {
        return value.length() <= lengthMax ? value : value.substring(0, lengthMax) + "…";
    }
}
