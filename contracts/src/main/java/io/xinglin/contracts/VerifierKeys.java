package io.xinglin.contracts;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// Whose the keys are that checkpoints and cosignatures are checked with, and whose the logs: each is one member's, for ever.
///
/// A cosignature says nothing of who made it, so a key that two members had for their own would make two witnesses of one. What
/// counts is the key itself, by whatever name and for whatever algorithm it is written down. That a member also holds the
/// private key shows when its log's first checkpoint is anchored.
final class VerifierKeys {
    private VerifierKeys() {}

    /// Notes that this member has what it says it has.
    ///
    /// @throws ContractViolation if another member had it first
    static void claim(Member member, ContractContext context) {
        claim(member, new TreeMap<>(), context);
    }

    /// The same for all members of a ledger that did not note it so far.
    ///
    /// @throws ContractViolation if two of them say that they have the same
    static void claimAll(ContractContext context) {
        var owners = new TreeMap<String, MemberId>();
        for (var member : context.range(StateKeys.MEMBERS).values()) {
            claim(Member.parse(member), owners, context);
        }
    }

    private static void claim(
            Member member, SortedMap<String, MemberId> owners, ContractContext context) {
        for (var key : keys(member)) {
            var owner =
                    Optional.ofNullable(owners.putIfAbsent(key, member.id()))
                            .or(() -> context.get(key).map(VerifierKeys::owner));
            if (owner.isEmpty()) {
                context.put(key, JsonObject.with("member", member.id().value()).text());
            } else if (!owner.get().equals(member.id())) {
                throw new ContractViolation(
                        ViolationCode.VERIFIER_KEY_TAKEN,
                        "Another member's log or witness has this origin or key.");
            }
        }
    }

    private static List<String> keys(Member member) {
        var log = member.log();
        var ofLog =
                List.of(StateKeys.log(log.origin()), StateKeys.verifier(fingerprint(log.vkey())));
        return member.witness()
                .map(it -> StateKeys.verifier(fingerprint(it.vkey())))
                .map(ofWitness -> List.of(ofLog.getFirst(), ofLog.getLast(), ofWitness))
                .orElse(ofLog);
    }

    private static MemberId owner(String json) {
        return Forms.member(JsonReader.object(json).only("member"), "member");
    }

    /// Of the bytes after the algorithm's. What nobody could check a signature with stands for itself.
    private static String fingerprint(String vkey) {
        var key = vkey.substring(vkey.indexOf('+', vkey.indexOf('+') + 1) + 1);
        return HexFormat.of().formatHex(Sha256.of(bytes(key)));
    }

    private static byte[] bytes(String key) {
        try {
            var typed = Base64.getDecoder().decode(key);
            return Arrays.copyOfRange(typed, Math.min(1, typed.length), typed.length);
        } catch (IllegalArgumentException e) {
            return key.getBytes(StandardCharsets.US_ASCII);
        }
    }
}
