package io.xinglin.explorer;

import io.xinglin.contracts.KeyId;
import io.xinglin.contracts.Member;
import io.xinglin.contracts.MemberId;
import io.xinglin.contracts.RegisteredKey;
import io.xinglin.explorer.Chronicle.Event;
import io.xinglin.ledger.Blocks;
import io.xinglin.ledger.Ledger;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.server.ResponseStatusException;

/// Who belongs to the consortium, and which keys speak for whom.
@Controller
class MemberPages {
    private final Ledger ledger;
    private final Blocks blocks;
    private final Chronicle chronicle;
    private final LogStandings standings;
    private final Tellings tellings;
    private final InstantSource clock;

    MemberPages(
            Ledger ledger,
            Blocks blocks,
            Chronicle chronicle,
            LogStandings standings,
            Tellings tellings,
            InstantSource clock) {
        this.ledger = ledger;
        this.blocks = blocks;
        this.chronicle = chronicle;
        this.standings = standings;
        this.tellings = tellings;
        this.clock = clock;
    }

    /// A member in the list.
    record Row(
            String id,
            String name,
            String also,
            String roles,
            String entries,
            String keys,
            boolean suspended) {}

    @GetMapping("/explorer/members")
    String members(Model model, Locale locale) {
        var telling = tellings.in(locale);
        model.addAttribute(
                "rows",
                standings.all().stream()
                        .map(
                                standing -> {
                                    var member = standing.member();
                                    return new Row(
                                            member.id().value(),
                                            telling.name(member),
                                            telling.also(member),
                                            telling.roles(member),
                                            telling.words().number(standing.size()),
                                            telling.words().number(signing(member)),
                                            ledger.isSuspended(member.id()));
                                })
                        .toList());
        model.addAttribute("alsoLanguage", telling.alsoLanguage());
        return "explorer/members";
    }

    private long signing(Member member) {
        return chronicle.keys(member.id()).stream()
                .flatMap(key -> ledger.key(key.id()).stream())
                .filter(RegisteredKey::isActive)
                .count();
    }

    /// Something that happened, and where it is written.
    record Past(String what, String instant, String moment, String block, String transaction) {}

    /// A key of a member.
    record KeyRow(String id, String fingerprint, String kind, String status, List<Past> past) {}

    @GetMapping("/explorer/members/{id}")
    String member(@PathVariable String id, Model model, Locale locale) {
        var member = id(id).flatMap(ledger::member).orElseThrow(MemberPages::unknown);
        var telling = tellings.in(locale);
        var words = telling.words();
        var standing = standings.of(member);
        var patients = chronicle.patients(member.id());
        model.addAttribute("member", member);
        model.addAttribute("id", member.id().value());
        model.addAttribute("name", telling.name(member));
        model.addAttribute("also", telling.also(member));
        model.addAttribute("alsoLanguage", telling.alsoLanguage());
        model.addAttribute("roles", telling.roles(member));
        model.addAttribute("suspended", ledger.isSuspended(member.id()));
        model.addAttribute("entries", words.number(standing.size()));
        model.addAttribute(
                "signed",
                standing.status()
                        .map(status -> words.ago(status.signedAt(), clock.instant()))
                        .orElseGet(() -> words.say("members.elsewhere")));
        model.addAttribute("past", past(chronicle.of(member.id()), telling));
        model.addAttribute(
                "keys",
                chronicle.keys(member.id()).stream().map(key -> row(key, telling)).toList());
        model.addAttribute(
                "patients", words.say("member.patients", patients, words.number(patients)));
        return "explorer/member";
    }

    private KeyRow row(Chronicle.Holder key, Telling telling) {
        return new KeyRow(
                key.id().value(),
                key.id().value().substring(0, 8),
                key.kind().word(),
                ledger.key(key.id()).map(found -> found.status().word()).orElse("unknown"),
                past(key.events(), telling));
    }

    private static List<Past> past(List<Event> events, Telling telling) {
        return events.stream()
                .map(
                        event ->
                                new Past(
                                        event.what(),
                                        event.time().toString(),
                                        telling.words().moment(event.time()),
                                        String.valueOf(event.block()),
                                        event.transaction().value()))
                .toList();
    }

    @GetMapping("/explorer/keys/{id}")
    String key(@PathVariable String id, Model model, Locale locale) {
        var kid = keyId(id).orElseThrow(MemberPages::unknown);
        var key = ledger.key(kid).orElseThrow(MemberPages::unknown);
        var telling = tellings.in(locale);
        model.addAttribute("key", key);
        model.addAttribute("id", kid.value());
        model.addAttribute("owner", telling.owner(kid));
        model.addAttribute("member", key.member().value());
        model.addAttribute("name", telling.name(key.member()));
        model.addAttribute("kind", key.kind().word());
        model.addAttribute("status", key.status().word());
        model.addAttribute("algorithm", key.jwk().algorithm().name());
        model.addAttribute("first", key.subject().equals(kid) ? "" : key.subject().value());
        model.addAttribute("past", past(chronicle.of(kid), telling));
        var last = blocks.lastSaidOf(kid);
        model.addAttribute("block", last.map(b -> String.valueOf(b.number())).orElse(""));
        model.addAttribute("moment", last.map(b -> telling.words().moment(b.time())).orElse(""));
        return "explorer/key";
    }

    static Optional<MemberId> id(String text) {
        try {
            return Optional.of(new MemberId(text));
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    static Optional<KeyId> keyId(String text) {
        try {
            return Optional.of(new KeyId(text));
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    static ResponseStatusException unknown() {
        return new ResponseStatusException(HttpStatus.NOT_FOUND);
    }
}
