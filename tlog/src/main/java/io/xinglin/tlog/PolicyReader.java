package io.xinglin.tlog;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Reads a policy file, line by line, and says which line is wrong.
///
/// Nothing is guessed: an unknown word, a word too many, a name that is not defined yet or a last line without its end would each
/// leave room for another policy than its author meant.
///
/// @spec https://c2sp.org/tlog-policy tlog-policy
final class PolicyReader {
    /// What asks for nobody.
    static final String NONE = "none";

    /// So many lines may define something; the specification asks for 32 of each kind.
    private static final int DEFINITIONS_MAX = 1_000;

    private final List<NoteVerifier> logs = new ArrayList<>();
    private final List<CosignatureVerifier> witnesses = new ArrayList<>();
    private final Map<String, QuorumRule> defined = new HashMap<>();
    private final Set<ByteBuffer> keys = new HashSet<>();
    private final Set<String> members = new HashSet<>();
    private Optional<QuorumRule> quorum = Optional.empty();
    private int definitions;
    private int number;

    TrustPolicy read(byte[] file) {
        if (file.length > TrustPolicy.LENGTH_MAX) {
            throw new MalformedLogData("a policy is at most a megabyte");
        }
        // Octets, whatever they mean: names are compared as such.
        var lines = new String(file, StandardCharsets.ISO_8859_1).split("\n", -1);
        for (number = 1; number < lines.length; number++) {
            read(lines[number - 1]);
        }
        if (!lines[number - 1].isEmpty()) {
            throw wrong("the line has no end");
        }
        if (quorum.isEmpty()) {
            throw wrong("the policy ends without a quorum line");
        }
        return new TrustPolicy(logs, new WitnessPolicy(witnesses, quorum.get()));
    }

    private void read(String line) {
        if (line.chars().anyMatch(octet -> (octet < ' ' && octet != '\t') || octet == 0x7f)) {
            throw wrong("it has a control character");
        }
        var words = words(line);
        if (words.isEmpty() || words.getFirst().startsWith("#")) {
            return;
        }
        if (++definitions > DEFINITIONS_MAX) {
            throw wrong("it is one too many");
        }
        try {
            define(words);
        } catch (MalformedLogData e) {
            throw wrong(String.valueOf(e.getMessage()));
        }
    }

    private static List<String> words(String line) {
        return Arrays.stream(line.split("[ \t]+")).filter(word -> !word.isEmpty()).toList();
    }

    private void define(List<String> words) {
        switch (words.getFirst()) {
            case "log" -> log(words);
            case "witness" -> witness(words);
            case "group" -> group(words);
            case "quorum" -> quorum(words);
            default ->
                    throw new MalformedLogData("a line begins with log, witness, group or quorum");
        }
    }

    private void log(List<String> words) {
        requireForm(words.size() == 2 || words.size() == 3, "log VKEY [URL]");
        var log = NoteVerifier.of(utf8(words.get(1)));
        if (logs.stream().anyMatch(it -> Arrays.equals(it.publicKey(), log.publicKey()))) {
            throw new MalformedLogData("a log with this key is named already");
        }
        logs.add(log);
    }

    private void witness(List<String> words) {
        requireForm(words.size() == 3 || words.size() == 4, "witness NAME VKEY [URL]");
        var witness = CosignatureVerifier.of(utf8(words.get(2)));
        if (!keys.add(ByteBuffer.wrap(witness.publicKey()))) {
            throw new MalformedLogData("a witness with this key is named already");
        }
        define(words.get(1), new QuorumRule.Witness(witness));
        witnesses.add(witness);
    }

    private void group(List<String> words) {
        requireForm(words.size() >= 4, "group NAME all|any|K MEMBER…");
        var names = words.subList(3, words.size());
        var rules = names.stream().map(this::member).toList();
        define(words.get(1), new QuorumRule.Group(needed(words.get(2), rules.size()), rules));
    }

    private static int needed(String word, int count) {
        return switch (word) {
            case "any" -> 1;
            case "all" -> count;
            default -> {
                var needed = Decimal.parse(word);
                if (needed < 1 || needed > count) {
                    throw new MalformedLogData(
                            "of %s members, 1 to %s can be asked for".formatted(count, count));
                }
                yield (int) needed;
            }
        };
    }

    private QuorumRule member(String name) {
        if (name.equals(NONE)) {
            throw new MalformedLogData("none is no member of a group");
        }
        var rule = known(name);
        if (!members.add(name)) {
            throw new MalformedLogData(printable(name) + " is a member of a group already");
        }
        return rule;
    }

    private void quorum(List<String> words) {
        requireForm(words.size() == 2, "quorum NAME");
        if (quorum.isPresent()) {
            throw new MalformedLogData("there is a quorum line already");
        }
        var name = words.get(1);
        quorum = Optional.of(name.equals(NONE) ? new QuorumRule.None() : known(name));
    }

    private void define(String name, QuorumRule rule) {
        if (name.equals(NONE) || defined.putIfAbsent(name, rule) != null) {
            throw new MalformedLogData(printable(name) + " is defined already");
        }
    }

    private QuorumRule known(String name) {
        return Optional.ofNullable(defined.get(name))
                .orElseThrow(
                        () -> new MalformedLogData("no line before it defines " + printable(name)));
    }

    private static void requireForm(boolean right, String form) {
        if (!right) {
            throw new MalformedLogData("the line should be: " + form);
        }
    }

    private MalformedLogData wrong(String why) {
        return new MalformedLogData("line " + number + ": " + why);
    }

    /// Whoever wrote the file has no say over the reader's terminal.
    private static String printable(String name) {
        return name.replaceAll("[^!-~]", "?");
    }

    private static String utf8(String octets) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(octets.getBytes(StandardCharsets.ISO_8859_1)))
                    .toString();
        } catch (CharacterCodingException _) {
            throw new MalformedLogData("the name of the key is not UTF-8");
        }
    }
}
