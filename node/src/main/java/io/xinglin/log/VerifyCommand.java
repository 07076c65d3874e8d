package io.xinglin.log;

import io.xinglin.tlog.CosignatureVerifier;
import io.xinglin.tlog.MalformedLogData;
import io.xinglin.tlog.NoteVerifier;
import io.xinglin.tlog.SignedNote;
import io.xinglin.tlog.TlogProof;
import io.xinglin.tlog.TrustPolicy;
import io.xinglin.tlog.Verification;
import io.xinglin.tlog.WitnessPolicy;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// `verify FILE… --vkey KEY [--witness VKEY]… [--quorum N] [--record JSONFILE]` and
/// `verify FILE… --policy POLICY [--vkey KEY] [--record JSONFILE]`: checks receipts offline, with nothing but the
/// public keys of the log and of the witnesses that are to have cosigned.
///
/// Without `--quorum`, all witnesses named must have. `POLICY` is a file that says as much and more; if it names no log, `--vkey` does. It
/// needs no node, no database and no network.
///
/// @spec https://c2sp.org/tlog-policy tlog-policy
public final class VerifyCommand {
    private static final String USAGE =
            "usage: verify FILE… --vkey KEY [--witness VKEY]… [--quorum N] [--record JSONFILE]\n"
                    + "       verify FILE… --policy POLICY [--vkey KEY] [--record JSONFILE]";

    private final TrustPolicy policy;
    private final Optional<Path> record;
    private final PrintStream out;

    private VerifyCommand(TrustPolicy policy, Optional<Path> record, PrintStream out) {
        this.policy = policy;
        this.record = record;
        this.out = out;
    }

    /// Runs the command.
    ///
    /// @return 0 if every receipt is valid (and the record is the one proved), 1 if one is not, 2 if the command line or a file
    ///     cannot be read
    public static int run(String[] args, PrintStream out, PrintStream err) {
        try {
            var words = new ArrayList<>(Arrays.asList(args));
            var vkey = take(words, "--vkey");
            var witnesses = takeAll(words, "--witness");
            var quorum = take(words, "--quorum");
            var file = take(words, "--policy").map(Path::of);
            var record = take(words, "--record").map(Path::of);
            if ((vkey.isEmpty() && file.isEmpty())
                    || words.isEmpty()
                    || words.stream().anyMatch(VerifyCommand::isOption)) {
                err.println(USAGE);
                return 2;
            }
            if (file.isPresent() && (!witnesses.isEmpty() || quorum.isPresent())) {
                throw new UnusablePolicy(
                        "a policy says who must have cosigned: no --witness or --quorum beside it");
            }
            var log = vkey.map(NoteVerifier::of);
            var policy =
                    file.isPresent()
                            ? policy(file.get(), log)
                            : new TrustPolicy(log.stream().toList(), policy(witnesses, quorum));
            var command = new VerifyCommand(policy, record, out);
            return command.verifyAll(words.stream().map(Path::of).toList()) ? 0 : 1;
        } catch (MalformedLogData e) {
            err.println("a key given with --vkey or --witness cannot be used: " + e.getMessage());
            return 2;
        } catch (UnusablePolicy e) {
            err.println(e.getMessage());
            return 2;
        } catch (IOException | IllegalArgumentException e) {
            err.println("cannot read " + e.getMessage());
            return 2;
        }
    }

    private static boolean isOption(String word) {
        return word.startsWith("--");
    }

    private static Optional<String> take(List<String> words, String option) {
        var place = words.indexOf(option);
        if (place < 0 || place + 1 == words.size()) {
            return Optional.empty();
        }
        words.remove(place);
        return Optional.of(words.remove(place));
    }

    private static List<String> takeAll(List<String> words, String option) {
        var taken = new ArrayList<String>();
        for (var next = take(words, option); next.isPresent(); next = take(words, option)) {
            taken.add(next.get());
        }
        return taken;
    }

    private static TrustPolicy policy(Path file, Optional<NoteVerifier> log) throws IOException {
        var policy = parse(file);
        if (policy.logs().isEmpty() == log.isEmpty()) {
            throw new UnusablePolicy(
                    log.isEmpty()
                            ? "the policy names no log: name it with --vkey"
                            : "the policy names the log: leave out --vkey");
        }
        return log.isEmpty() ? policy : new TrustPolicy(List.of(log.get()), policy.witnesses());
    }

    private static TrustPolicy parse(Path file) throws IOException {
        try (var in = Files.newInputStream(file)) {
            return TrustPolicy.parse(in.readNBytes(TrustPolicy.LENGTH_MAX + 1));
        } catch (MalformedLogData e) {
            throw new UnusablePolicy(file + ": " + e.getMessage());
        }
    }

    private static WitnessPolicy policy(List<String> vkeys, Optional<String> quorum) {
        var witnesses = vkeys.stream().map(CosignatureVerifier::of).toList();
        var needed = quorum.map(VerifyCommand::number).orElse(witnesses.size());
        try {
            return new WitnessPolicy(needed, witnesses);
        } catch (IllegalArgumentException e) {
            throw new UnusablePolicy(String.valueOf(e.getMessage()));
        }
    }

    private static int number(String word) {
        if (!word.matches("[1-9][0-9]{0,2}")) {
            throw new UnusablePolicy("--quorum is a number from 1 on");
        }
        return Integer.parseInt(word);
    }

    /// The witnesses asked for cannot be had together.
    private static final class UnusablePolicy extends RuntimeException {
        private static final long serialVersionUID = 1;

        UnusablePolicy(String message) {
            super(message);
        }
    }

    private boolean verifyAll(List<Path> files) throws IOException {
        var valid = true;
        for (var file : files) {
            valid &= verify(file);
        }
        return valid;
    }

    private boolean verify(Path file) throws IOException {
        var text = read(file);
        try {
            var receipt = Receipt.parse(decode(text));
            return switch (receipt.verify(policy)) {
                case Verification.Valid() -> tell(file, receipt);
                case Verification.Invalid(var where) -> refuse(file, where);
            };
        } catch (CharacterCodingException _) {
            return refuse(file, "it is not text");
        } catch (IllegalArgumentException e) {
            return refuse(file, "it is not a receipt: " + e.getMessage());
        }
    }

    private static byte[] read(Path file) throws IOException {
        try (var in = Files.newInputStream(file)) {
            return in.readNBytes(TlogProof.LENGTH_MAX + 1);
        }
    }

    private static String decode(byte[] bytes) throws CharacterCodingException {
        return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    }

    private boolean refuse(Path file, String why) {
        out.println("INVALID " + file + ": " + printable(why));
        return false;
    }

    private boolean tell(Path file, Receipt receipt) throws IOException {
        var head = receipt.proof().head();
        out.println("VALID " + file);
        out.println(
                "  The log "
                        + printable(head.origin())
                        + " holds, as entry "
                        + receipt.proof().index());
        out.println("  of " + head.size() + " signed by its key, this statement:");
        receipt.statement().forEach((name, value) -> out.println("    " + line(name, value)));
        tellWitnesses(receipt.proof().checkpoint());
        return record.isEmpty() || tellRecord(record.get(), receipt.statement());
    }

    /// Only those asked for: what other keys sign says nothing to whoever does not know them.
    private void tellWitnesses(SignedNote checkpoint) {
        for (var witness : policy.witnesses().cosigned(checkpoint)) {
            var second = witness.time(checkpoint).orElseThrow();
            // A witness may say any second, also one that no calendar reaches.
            var time = Instant.ofEpochSecond(Math.min(second, Instant.MAX.getEpochSecond()));
            out.println("  Cosigned by " + printable(witness.name()) + " at " + time);
        }
    }

    private static String line(String name, String value) {
        return printable(name) + ": " + printable(value);
    }

    /// Whoever wrote the receipt has no say over the reader's terminal, nor over the order in which letters are read.
    private static String printable(String text) {
        return text.replaceAll("[\\p{Cc}\\p{Cf}\\p{Cs}\\p{Zl}\\p{Zp}]", "?");
    }

    private boolean tellRecord(Path file, Map<String, String> statement) throws IOException {
        var proved = statement.get("sha256");
        var found = Base64.getEncoder().encodeToString(sha256(file));
        if (found.equals(proved)) {
            out.println("  " + file + " is, byte for byte, the record it speaks of.");
            return true;
        }
        out.println("INVALID " + file + ": it is not the record that the receipt speaks of:");
        out.println("  its SHA-256 is " + found);
        return false;
    }

    private static byte[] sha256(Path file) throws IOException {
        try (var in = Files.newInputStream(file)) {
            var sha256 = MessageDigest.getInstance("SHA-256");
            var part = new byte[64 * 1024];
            for (int length; (length = in.read(part)) >= 0; ) {
                sha256.update(part, 0, length);
            }
            return sha256.digest();
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java has SHA-256", e);
        }
    }
}
