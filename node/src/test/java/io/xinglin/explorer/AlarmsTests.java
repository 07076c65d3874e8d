package io.xinglin.explorer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.xinglin.contracts.MemberId;
import io.xinglin.explorer.Alarms.Alarm;
import io.xinglin.ledger.LedgerStatus;
import io.xinglin.ledger.LedgerStatus.Channel;
import io.xinglin.ledger.LedgerStatus.Engine;
import io.xinglin.ledger.LedgerStatus.Peer;
import io.xinglin.ledger.MemberHead;
import io.xinglin.ledger.MemberHead.Agreement;
import io.xinglin.web.Words;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.context.support.ResourceBundleMessageSource;

class AlarmsTests {
    private static final Instant NOW = Instant.parse("2026-03-05T12:00:00Z");
    private static final MemberId RIVER = new MemberId("river-hospital");

    @Test
    void where_nothing_is_wrong_it_is_said_what_that_means() {
        assertThat(alarms(fabric(400, true, 400), Agreement.AGREES))
                .extracting(Alarm::level, Alarm::title)
                .containsExactly(tuple("ok", "All members hold the same ledger"));
        assertThat(alarms(fabric(400, true, 400), Agreement.UNASKED))
                .extracting(Alarm::level)
                .containsExactly("info");
    }

    @Test
    void another_ledger_and_a_stop_are_said_before_anything_else() {
        var status =
                new LedgerStatus(
                        Engine.FABRIC,
                        8,
                        Optional.empty(),
                        Optional.of("the members agreed on something else"),
                        0,
                        Optional.of(channel(20, false, 400)));

        var alarms = alarms(status, Agreement.DIFFERS);

        assertThat(alarms).extracting(Alarm::level).containsExactly("bad", "bad", "warn", "warn");
        assertThat(alarms.get(0).cause()).isEqualTo("the members agreed on something else");
        assertThat(alarms.get(1).title()).isEqualTo("river-hospital has another ledger");
        assertThat(alarms.get(2).title()).isEqualTo("No peer answers");
    }

    @Test
    void a_member_that_does_not_answer_is_named() {
        assertThat(alarms(fabric(400, true, 400), Agreement.SILENT))
                .extracting(Alarm::title)
                .containsExactly("river-hospital does not answer");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "30| ok  |All members hold the same ledger",
                "29| warn|The certificate of this node ends in 29 days",
                "7 | warn|The certificate of this node ends in 7 days",
                "6 | bad |The certificate of this node ends in 6 days",
                "1 | bad |The certificate of this node ends in one day",
                "-3| bad |The certificate of this node has ended"
            })
    void a_certificate_is_warned_of_a_month_and_a_week_before_it_ends(
            int days, String level, String title) {
        assertThat(alarms(fabric(days, true, 400), Agreement.AGREES))
                .singleElement()
                .satisfies(alarm -> assertThat(alarm.level()).isEqualTo(level))
                .satisfies(alarm -> assertThat(alarm.title()).isEqualTo(title));
    }

    @Test
    void a_certificate_of_a_peer_is_named_with_it() {
        assertThat(alarms(fabric(400, true, 12), Agreement.AGREES))
                .extracting(Alarm::title)
                .containsExactly("The TLS certificate of the peer peer:7051 ends in 12 days");
    }

    private static List<Alarm> alarms(LedgerStatus status, Agreement agreement) {
        var head =
                new MemberHead(
                        RIVER, agreement, 0, Optional.empty(), Optional.empty(), Optional.empty());
        return Alarms.of(status, List.of(head), words(), MemberId::value, NOW);
    }

    @Test
    void a_peer_that_holds_something_else_is_named_with_the_first_key() {
        var status =
                new LedgerStatus(
                        Engine.FABRIC,
                        8,
                        Optional.empty(),
                        Optional.empty(),
                        0,
                        Optional.of(channel(90, true, 90, List.of("key/a", "key/b"))));

        var alarms = Alarms.of(status, List.of(), words(), MemberId::value, NOW);

        assertThat(alarms.getFirst().level()).isEqualTo("bad");
        assertThat(alarms.getFirst().title())
                .isEqualTo("The peer peer:7051 holds something else than was agreed");
        assertThat(alarms.getFirst().text()).startsWith("For 2 facts of the ledger");
        assertThat(alarms.getFirst().cause()).isEqualTo("key/a");
    }

    private static LedgerStatus fabric(int days, boolean answers, int peerDays) {
        return new LedgerStatus(
                Engine.FABRIC,
                8,
                Optional.empty(),
                Optional.empty(),
                0,
                Optional.of(channel(days, answers, peerDays)));
    }

    private static Channel channel(int days, boolean answers, int peerDays) {
        return channel(days, answers, peerDays, List.of());
    }

    private static Channel channel(int days, boolean answers, int peerDays, List<String> altered) {
        var peer =
                new Peer(
                        "peer:7051",
                        answers,
                        Optional.of(NOW.plus(Duration.ofDays(peerDays))),
                        altered);
        return new Channel(0, 0, NOW.plus(Duration.ofDays(days)), List.of(peer));
    }

    private static Words words() {
        var messages = new ResourceBundleMessageSource();
        messages.setBasenames("messages", "explorer");
        messages.setDefaultEncoding(StandardCharsets.UTF_8.name());
        messages.setFallbackToSystemLocale(false);
        return new Words(messages, Locale.ENGLISH, ZoneOffset.UTC);
    }
}
