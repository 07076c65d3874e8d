package io.xinglin.sandbox;

import io.xinglin.contracts.MemberId;
import io.xinglin.sandbox.Target.Kind;
import io.xinglin.sandbox.Trial.Change;
import io.xinglin.web.Words;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.springframework.context.MessageSource;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.server.ResponseStatusException;

/// The pages of the sandbox. All of it works without JavaScript.
@Controller
class SandboxPages {
    private static final String PAGE = "sandbox/sandbox";

    private final Sandboxes sandboxes;
    private final MessageSource messages;
    private final InstantSource clock;

    SandboxPages(Sandboxes sandboxes, MessageSource messages, InstantSource clock) {
        this.sandboxes = sandboxes;
        this.messages = messages;
        this.clock = clock;
    }

    @GetMapping("/sandbox")
    String start(Model model) {
        model.addAttribute("state", sandboxes.isPossible() ? "start" : "impossible");
        return PAGE;
    }

    @PostMapping("/sandbox")
    String make(HttpServletResponse response, Model model) {
        var made = sandboxes.make();
        if (made.isPresent()) {
            return "redirect:/sandbox/" + made.get().id();
        }
        response.setStatus(HttpStatus.SERVICE_UNAVAILABLE.value());
        response.setHeader(HttpHeaders.RETRY_AFTER, String.valueOf(Sandboxes.LIFETIME.toSeconds()));
        model.addAttribute("state", sandboxes.isPossible() ? "full" : "impossible");
        return PAGE;
    }

    @GetMapping("/sandbox/{id}")
    String sandbox(
            @PathVariable String id, HttpServletResponse response, Model model, Locale locale) {
        var sandbox = sandboxes.find(id);
        if (sandbox.isEmpty()) {
            return gone(response, model);
        }
        var words = words(locale);
        var trial = sandbox.get().trial();
        head(sandbox.get(), words, model);
        model.addAttribute("state", "open");
        model.addAttribute("kinds", Stream.of(Kind.values()).map(SandboxWords::slug).toList());
        model.addAttribute("answers", words.answers(trial));
        model.addAttribute("noticed", trial.isNoticed());
        model.addAttribute("until", words.until(trial));
        model.addAttribute("changed", trial.change().isPresent());
        trial.change().ifPresent(change -> show(change, sandbox.get(), words, model));
        if (trial.change().isEmpty()) {
            model.addAttribute("tree", tree(sandbox.get(), Copy.CITY, -1, false));
            model.addAttribute("treeName", words.name(Copy.CITY));
        }
        return PAGE;
    }

    private static void show(Change change, Sandbox sandbox, SandboxWords words, Model model) {
        var target = change.target();
        model.addAttribute("target", words.name(target));
        model.addAttribute("targetKind", SandboxWords.slug(target.kind()));
        model.addAttribute("number", String.valueOf(target.number()));
        model.addAttribute("at", String.valueOf(change.at()));
        model.addAttribute("before", hex(change.before()));
        model.addAttribute("after", hex(change.after()));
        if (target.isInLog()) {
            var leaf = SandboxWords.leaf(target, change.at(), sandbox.read(target));
            var owner = target.member().orElseThrow();
            model.addAttribute(
                    "tree", tree(sandbox, owner, leaf, target.kind() == Kind.CHECKPOINT));
            model.addAttribute("treeName", words.name(owner));
            model.addAttribute("leaf", String.valueOf(leaf));
        } else {
            model.addAttribute("chain", ChainPicture.of(sandbox.copy().ledger().height(), target));
        }
    }

    private static TreePicture tree(
            Sandbox sandbox, MemberId owner, int changed, boolean rootIsWrong) {
        // The anchor and not the file: the file may be what was changed.
        var leaves =
                sandbox.copy()
                        .ledger()
                        .latestAnchor(owner)
                        .map(anchor -> (int) anchor.size())
                        .orElse(1);
        return TreePicture.of(leaves, changed, rootIsWrong);
    }

    /// A byte to choose.
    record Cell(int at, String hex, String text) {}

    /// Something to choose.
    record Choice(int number, String name) {}

    @GetMapping("/sandbox/{id}/{kind:record|entry|bundle|tile|checkpoint|block|transaction|fact}")
    String choose(
            @PathVariable String id,
            @PathVariable String kind,
            @RequestParam(defaultValue = "-1") int target,
            HttpServletResponse response,
            Model model,
            Locale locale) {
        var sandbox = sandboxes.find(id);
        if (sandbox.isEmpty()) {
            return gone(response, model);
        }
        var words = words(locale);
        var targets = sandbox.get().targets();
        var choices =
                IntStream.range(0, targets.size())
                        .filter(n -> SandboxWords.slug(targets.get(n).kind()).equals(kind))
                        .mapToObj(n -> new Choice(n, words.name(targets.get(n))))
                        .toList();
        var chosen =
                choices.stream()
                        .filter(choice -> choice.number() == target)
                        .findFirst()
                        .orElse(choices.get(choices.size() / 2));
        head(sandbox.get(), words, model);
        model.addAttribute("kind", kind);
        model.addAttribute("choices", choices);
        model.addAttribute("chosen", chosen);
        var content = sandbox.get().read(targets.get(chosen.number()));
        model.addAttribute("cells", cells(content));
        model.addAttribute("middle", content.length / 2);
        return "sandbox/choose";
    }

    private static List<Cell> cells(byte[] content) {
        var cells = new ArrayList<Cell>();
        for (var at = 0; at < content.length; at++) {
            var printable = content[at] > ' ' && content[at] < 0x7f;
            cells.add(
                    new Cell(
                            at,
                            hex(content[at]),
                            printable ? String.valueOf((char) content[at]) : "·"));
        }
        return cells;
    }

    @PostMapping("/sandbox/{id}/change")
    String change(
            @PathVariable String id,
            @RequestParam int target,
            @RequestParam int at,
            @RequestParam(defaultValue = "") String to,
            HttpServletResponse response,
            Model model) {
        var sandbox = sandboxes.find(id);
        if (sandbox.isEmpty()) {
            return gone(response, model);
        }
        var targets = sandbox.get().targets();
        try {
            var chosen = targets.get(Math.clamp(target, 0, targets.size() - 1));
            sandbox.get().change(chosen, at, parsed(to));
        } catch (IllegalArgumentException e) {
            throw new ResponseStatusException(HttpStatus.BAD_REQUEST, "no such change", e);
        }
        return "redirect:/sandbox/" + id;
    }

    /// Two hexadecimal digits, or nothing.
    private static Optional<Byte> parsed(String hex) {
        return hex.isBlank()
                ? Optional.empty()
                : Optional.of(HexFormat.of().parseHex(hex.strip())).map(SandboxPages::only);
    }

    private static byte only(byte[] bytes) {
        if (bytes.length != 1) {
            throw new IllegalArgumentException("not one byte");
        }
        return bytes[0];
    }

    @PostMapping("/sandbox/{id}/undo")
    String undo(@PathVariable String id, HttpServletResponse response, Model model) {
        var sandbox = sandboxes.find(id);
        if (sandbox.isEmpty()) {
            return gone(response, model);
        }
        sandbox.get().undo();
        return "redirect:/sandbox/" + id;
    }

    @PostMapping("/sandbox/{id}/end")
    String end(@PathVariable String id) {
        sandboxes.end(id);
        return "redirect:/sandbox";
    }

    private String gone(HttpServletResponse response, Model model) {
        response.setStatus(HttpStatus.GONE.value());
        model.addAttribute("state", "gone");
        return PAGE;
    }

    private void head(Sandbox sandbox, SandboxWords words, Model model) {
        var left = Duration.between(clock.instant(), sandbox.expires());
        model.addAttribute("id", sandbox.id());
        model.addAttribute("minutes", Math.max(1, (left.toSeconds() + 30) / 60));
        model.addAttribute("ends", words.words().clock(sandbox.expires()));
    }

    private SandboxWords words(Locale locale) {
        return new SandboxWords(new Words(messages, locale, ZoneId.systemDefault()));
    }

    private static String hex(byte value) {
        return String.format(Locale.ROOT, "%02x", value & 0xff);
    }
}
