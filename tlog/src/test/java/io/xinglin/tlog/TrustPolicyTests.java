package io.xinglin.tlog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.xinglin.tlog.QuorumRule.Group;
import io.xinglin.tlog.QuorumRule.None;
import io.xinglin.tlog.QuorumRule.Witness;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TrustPolicyTests {
    private static final NoteSigner LOG = TestKeys.signer("hospital.example/log/a");
    private static final List<Cosigner> COSIGNERS =
            IntStream.rangeClosed(1, 6)
                    .mapToObj(i -> TestKeys.cosigner("w" + i + ".example"))
                    .toList();

    /// The example of the specification: two of three, and one of the other three.
    private static final String EXAMPLE =
            """
            # who must have seen it
            log LOG https://hospital.example/log/a

            witness X1 KEY1
            witness X2 KEY2 https://w2.example
            \twitness \t X3  KEY3\t
            group X-witnesses 2 X1 X2 X3
            witness Y1 KEY4
            witness Y2 KEY5
            witness Y3 KEY6
            group Y-witnesses any Y1 Y2 Y3
              # both
            group X-and-Y all X-witnesses Y-witnesses
            quorum X-and-Y
            """;

    private static TrustPolicy parse(String pattern) {
        return TrustPolicy.parse(filled(pattern).getBytes(StandardCharsets.UTF_8));
    }

    private static String filled(String pattern) {
        var text = pattern.replace("LOG", LOG.verifier().toString());
        for (var i = 1; i <= COSIGNERS.size(); i++) {
            text = text.replace("KEY" + i, COSIGNERS.get(i - 1).verifier().toString());
        }
        return text;
    }

    private static CosignatureVerifier key(int number) {
        return COSIGNERS.get(number - 1).verifier();
    }

    @Nested
    class Reading {
        @Test
        void nested_groups_are_read_as_they_stand() {
            var policy = parse(EXAMPLE);

            assertThat(policy.logs()).containsExactly(LOG.verifier());
            assertThat(policy.witnesses().witnesses())
                    .containsExactly(key(1), key(2), key(3), key(4), key(5), key(6));
            assertThat(policy.witnesses().quorum())
                    .isEqualTo(
                            new Group(
                                    2,
                                    List.of(
                                            group(2, key(1), key(2), key(3)),
                                            group(1, key(4), key(5), key(6)))));
        }

        @Test
        void nobody_one_witness_and_no_log_are_policies_too() {
            assertThat(parse("quorum none\n"))
                    .isEqualTo(new TrustPolicy(List.of(), WitnessPolicy.NONE));
            assertThat(parse("witness a KEY1\nquorum none\n").witnesses().quorum())
                    .isEqualTo(new None());
            assertThat(parse("witness a KEY1\nlog LOG\nquorum a\n").witnesses().quorum())
                    .isEqualTo(new Witness(key(1)));
            assertThat(parse("witness a KEY1\nquorum a\nlog LOG\nwitness b KEY2\n").logs())
                    .hasSize(1);
        }

        @Test
        void names_are_octets_and_not_letters() {
            var file = filled("witness K KEY1\nwitness \u212a KEY2\nquorum K\n");

            assertThat(parse(file).witnesses().quorum()).isEqualTo(new Witness(key(1)));
            var latin = filled("witness \u00e9 KEY1\nquorum \u00e9\n");
            assertThat(TrustPolicy.parse(latin.getBytes(StandardCharsets.ISO_8859_1)).witnesses())
                    .isEqualTo(new WitnessPolicy(List.of(key(1)), new Witness(key(1))));
        }

        @ParameterizedTest
        @CsvSource(
                delimiter = '^',
                quoteCharacter = '`',
                value = {
                    "``^line 1: the policy ends without a quorum line",
                    "`quorum none`^line 1: the line has no end",
                    "`quorum none\n\nlog LOG`^line 3: the line has no end",
                    "`log LOG\n`^line 2: the policy ends without a quorum line",
                    "`quorum none\nquorum none\n`^line 2: there is a quorum line already",
                    "`quorum a\nwitness a KEY1\n`^line 1: no line before it defines a",
                    "`quorum\n`^line 1: the line should be: quorum NAME",
                    "`quorum none none\n`^line 1: the line should be: quorum NAME",
                    "`log LOG u v\n`^line 1: the line should be: log VKEY [URL]",
                    "`log LOG\nlog LOG\n`^line 2: a log with this key is named already",
                    "`log KEY1\n`^line 1: the key of the vkey is not Ed25519",
                    "`witness LOG\n`^line 1: the line should be: witness NAME VKEY [URL]",
                    "`witness a LOG\n`^line 1: the key of the vkey is not one for Ed25519 cosignatures",
                    "`witness a KEY1\nwitness b KEY1\n`^line 2: a witness with this key is named already",
                    "`witness a KEY1\nwitness a KEY2\n`^line 2: a is defined already",
                    "`witness none KEY1\n`^line 1: none is defined already",
                    "`witness a KEY1\ngroup a all a\n`^line 2: a is defined already",
                    "`witness a KEY1\ngroup g all\n`^line 2: the line should be: group NAME all|any|K MEMBER…",
                    "`witness a KEY1\ngroup g 0 a\n`^line 2: of 1 members, 1 to 1 can be asked for",
                    "`witness a KEY1\ngroup g 2 a\n`^line 2: of 1 members, 1 to 1 can be asked for",
                    "`witness a KEY1\ngroup g 01 a\n`^line 2: not a decimal number without leading zeroes",
                    "`witness a KEY1\ngroup g most a\n`^line 2: not a decimal number without leading zeroes",
                    "`witness a KEY1\ngroup g all none\n`^line 2: none is no member of a group",
                    "`witness a KEY1\ngroup g all a a\n`^line 2: a is a member of a group already",
                    "`witness a KEY1\ngroup g all a\ngroup h all a\n`^line 3: a is a member of a group already",
                    "`witness a KEY1\ngroup g all a g\n`^line 2: no line before it defines g",
                    "`Quorum none\n`^line 1: a line begins with log, witness, group or quorum",
                    "`quorum none\r\n`^line 1: it has a control character",
                    "`# \u0007\nquorum none\n`^line 1: it has a control character",
                    "`quorum none # nobody\n`^line 1: the line should be: quorum NAME",
                    "`quorum n\u00f6ne\n`^line 1: no line before it defines n??ne"
                })
        void what_is_wrong_is_said_with_its_line(String pattern, String message) {
            assertThatThrownBy(() -> parse(pattern))
                    .isInstanceOf(MalformedLogData.class)
                    .hasMessage(message);
        }

        @ParameterizedTest
        @ValueSource(ints = {32, 300})
        void as_many_as_the_specification_asks_for_and_more_are_understood(int count) {
            var text = new StringBuilder();
            for (var i = 0; i < count; i++) {
                text.append("log ").append(TestKeys.signer("l" + i).verifier()).append('\n');
                text.append("witness w" + i + " ").append(TestKeys.cosigner("c").verifier());
                text.append("\ngroup g" + i + " any w" + i + (i == 0 ? "" : " g" + (i - 1)) + "\n");
            }
            text.append("quorum g" + (count - 1) + "\n");

            var policy = TrustPolicy.parse(text.toString().getBytes(StandardCharsets.UTF_8));

            assertThat(policy.logs()).hasSize(count);
            assertThat(policy.witnesses().witnesses()).hasSize(count);
        }

        @Test
        void a_policy_without_bounds_is_refused() {
            var many = "group x any y\n".repeat(2).getBytes(StandardCharsets.UTF_8);
            var endless = new byte[TrustPolicy.LENGTH_MAX + 1];
            Arrays.fill(endless, (byte) '\n');

            assertThatThrownBy(() -> TrustPolicy.parse(many)).isInstanceOf(MalformedLogData.class);
            assertThatThrownBy(() -> TrustPolicy.parse(endless))
                    .hasMessage("a policy is at most a megabyte");
        }

        /// Whatever is read is one policy: written and read again it is the same; whatever is not is refused in a sentence.
        @Test
        void a_damaged_file_is_refused_or_says_something_and_never_breaks_the_reader() {
            var sound = filled(EXAMPLE).getBytes(StandardCharsets.UTF_8);
            Property.forAll(
                    3_000,
                    random -> {
                        var file = damaged(sound, random);
                        try {
                            var policy = TrustPolicy.parse(file);
                            var again = policy.toString().getBytes(StandardCharsets.UTF_8);
                            assertThat(TrustPolicy.parse(again)).isEqualTo(policy);
                        } catch (MalformedLogData e) {
                            assertThat(e).hasMessageMatching("line [1-9][0-9]?: [ -~…]+");
                        }
                    });
        }

        private static byte[] damaged(byte[] sound, RandomGenerator random) {
            var file = sound.clone();
            for (var i = random.nextInt(3); i >= 0; i--) {
                var from = random.nextInt(file.length - 1);
                var to = from + random.nextInt(Math.min(60, file.length - from));
                file =
                        switch (random.nextInt(4)) {
                            case 0 -> joined(file, 0, from, file, to, file.length);
                            case 1 -> joined(file, 0, to, file, from, file.length);
                            case 2 -> Arrays.copyOf(file, to + 1);
                            default -> {
                                file[from] = (byte) random.nextInt(256);
                                yield file;
                            }
                        };
                if (file.length < 2) {
                    return file;
                }
            }
            return file;
        }

        private static byte[] joined(
                byte[] first, int from, int to, byte[] second, int secondFrom, int secondTo) {
            var head = Arrays.copyOfRange(first, from, to);
            var tail = Arrays.copyOfRange(second, secondFrom, secondTo);
            var joined = Arrays.copyOf(head, head.length + tail.length);
            System.arraycopy(tail, 0, joined, head.length, tail.length);
            return joined;
        }
    }

    @Nested
    class Deciding {
        private final SignedNote checkpoint =
                new Checkpoint(LOG.name(), TreeSize.ZERO, Hash.OF_EMPTY_TREE).sign(LOG);

        @ParameterizedTest
        @CsvSource({
            "124,true",
            "135,true",
            "123456,true",
            "12,false",
            "456,false",
            "145,false",
            "'',false"
        })
        void a_nested_quorum_is_met_or_not(String who, boolean met) {
            assertThat(parse(EXAMPLE).witnesses().verify(cosigned(who)))
                    .isEqualTo(
                            met
                                    ? Verification.valid()
                                    : Verification.invalid(
                                            "cosigned by "
                                                    + who.length()
                                                    + " of the witnesses, and not by those that the policy asks for"));
        }

        @Test
        void any_all_a_number_one_witness_and_nobody_mean_what_they_say() {
            var three = "witness a KEY1\nwitness b KEY2\nwitness c KEY3\n";

            assertThat(met(three + "group g any a b c\nquorum g\n"))
                    .containsExactly(1, 2, 3, 4, 5, 6, 7);
            assertThat(met(three + "group g 2 a b c\nquorum g\n")).containsExactly(3, 5, 6, 7);
            assertThat(met(three + "group g all a b c\nquorum g\n")).containsExactly(7);
            assertThat(met(three + "quorum b\n")).containsExactly(2, 3, 6, 7);
            assertThat(met(three + "quorum none\n")).hasSize(8);
            assertThat(met(three + "group g any b c\ngroup h all a g\nquorum h\n"))
                    .containsExactly(3, 5, 7);
        }

        /// Which sets of three witnesses, as bits, meet the policy.
        private List<Integer> met(String policy) {
            var quorum = parse(policy).witnesses().quorum();
            var met = new ArrayList<Integer>();
            for (var bits = 0; bits < 8; bits++) {
                Set<CosignatureVerifier> cosigned = new HashSet<>();
                for (var i = 0; i < 3; i++) {
                    if ((bits >> i & 1) == 1) {
                        cosigned.add(key(i + 1));
                    }
                }
                if (quorum.isMetBy(cosigned)) {
                    met.add(bits);
                }
            }
            return met;
        }

        @Test
        void any_of_the_logs_is_believed_and_no_other() {
            var other = TestKeys.signer("clinic.example/log/b");
            var namesake = TestKeys.signer(LOG.name());
            var leaf = Hash.leaf(new byte[1]);

            var policy =
                    new TrustPolicy(
                            List.of(other.verifier(), namesake.verifier(), LOG.verifier()),
                            WitnessPolicy.NONE);

            for (var log : List.of(LOG, other, namesake)) {
                assertThat(policy.verify(proof(log, leaf), leaf)).isEqualTo(Verification.valid());
                assertThat(policy.verify(proof(log, leaf), Hash.OF_EMPTY_TREE))
                        .isInstanceOf(Verification.Invalid.class);
            }
            assertThat(policy.verify(proof(TestKeys.signer("x.example"), leaf), leaf))
                    .isEqualTo(Verification.invalid("the log x.example is not asked for"));
            assertThat(policy.verify(proof(TestKeys.signer(LOG.name()), leaf), leaf))
                    .isInstanceOf(Verification.Invalid.class);
            assertThatThrownBy(
                            () ->
                                    new TrustPolicy(
                                            List.of(LOG.verifier(), LOG.verifier()),
                                            WitnessPolicy.NONE))
                    .isInstanceOf(IllegalArgumentException.class);
        }

        private static TlogProof proof(NoteSigner log, Hash leaf) {
            var head = new Checkpoint(log.name(), new TreeSize(1), leaf).sign(log);
            var inclusion = new InclusionProof(new LeafIndex(0), new TreeSize(1), List.of());
            return TlogProof.of(new byte[1], inclusion, head);
        }

        private SignedNote cosigned(String who) {
            return checkpoint.with(
                    who.chars()
                            .mapToObj(digit -> COSIGNERS.get(digit - '1'))
                            .map(it -> it.cosign(checkpoint.text(), 1))
                            .toList());
        }
    }

    @Nested
    class Writing {
        @Test
        void a_policy_is_written_as_the_specification_says() {
            var witnesses = List.of(key(1), key(2), key(3));
            var log = List.of(LOG.verifier());

            assertThat(new TrustPolicy(log, new WitnessPolicy(2, witnesses)).toString())
                    .isEqualTo(
                            filled(
                                    """
                                    log LOG
                                    witness w1 KEY1
                                    witness w2 KEY2
                                    witness w3 KEY3
                                    group g1 2 w1 w2 w3
                                    quorum g1
                                    """));
            assertThat(TrustPolicy.of(LOG.verifier()).toString())
                    .isEqualTo(filled("log LOG\nquorum none\n"));
        }

        @Test
        void whatever_is_written_is_read_as_the_same() {
            Property.forAll(
                    300,
                    random -> {
                        var policy = policy(random);
                        var file = policy.toString().getBytes(StandardCharsets.UTF_8);

                        assertThat(TrustPolicy.parse(file)).isEqualTo(policy);
                    });
        }

        private static TrustPolicy policy(RandomGenerator random) {
            List<QuorumRule> rules = new ArrayList<>();
            COSIGNERS.forEach(it -> rules.add(new Witness(it.verifier())));
            while (rules.size() > 1 && random.nextInt(4) > 0) {
                var part = List.copyOf(rules.subList(0, 1 + random.nextInt(rules.size())));
                rules.removeAll(part);
                rules.add(new Group(1 + random.nextInt(part.size()), part));
            }
            var logs = random.nextBoolean() ? List.of(LOG.verifier()) : List.<NoteVerifier>of();
            var quorum = random.nextInt(9) == 0 ? new None() : rules.getLast();
            var witnesses = COSIGNERS.stream().map(Cosigner::verifier).toList();
            return new TrustPolicy(logs, new WitnessPolicy(witnesses, quorum));
        }
    }

    private static Group group(int needed, CosignatureVerifier... keys) {
        return new Group(needed, Arrays.stream(keys).<QuorumRule>map(Witness::new).toList());
    }
}
