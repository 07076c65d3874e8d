package io.xinglin.records;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.xinglin.consent.RecordCategory;
import io.xinglin.contracts.MemberId;
import io.xinglin.identity.Aead;
import io.xinglin.records.Compartment.Owner;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class SealTests {
    private static final MemberId HOSPITAL = new MemberId("city-first-hospital");
    private static final Instant NOW = Instant.parse("2026-05-05T10:00:00Z");
    private static final byte[] JSON =
            "{\"resourceType\":\"Observation\",\"id\":\"17\"}".getBytes(StandardCharsets.UTF_8);

    private final SecureRandom random = new SecureRandom();
    private final Seal seal = new Seal(random);
    private final byte[] secret = new byte[32];
    private final CompartmentKey key = key("p1", 1, 1);
    private final VersionId id = new ResourceId(HOSPITAL, "Observation", "17").version(2);
    private final byte[] sealed =
            seal.seal(
                    key,
                    RecordCategory.LABORATORY,
                    new Version(id, NOW, "Practitioner/1", new byte[32], JSON));

    @Test
    void what_was_sealed_opens_as_it_was() {
        var opened = seal.open(key, RecordCategory.LABORATORY, id, NOW, sealed);

        assertThat(opened.json()).isEqualTo(JSON);
        assertThat(opened.author()).isEqualTo("Practitioner/1");
    }

    @Test
    void no_byte_can_be_changed() {
        for (var i = 1; i < sealed.length; i++) {
            var changed = sealed.clone();
            changed[i] ^= 1;
            assertThatThrownBy(() -> seal.open(key, RecordCategory.LABORATORY, id, NOW, changed))
                    .isInstanceOf(Aead.Tampered.class);
        }
    }

    @Test
    void a_format_from_the_future_is_named_as_such() {
        sealed[0] = 2;

        assertThatThrownBy(() -> seal.open(key, RecordCategory.LABORATORY, id, NOW, sealed))
                .isInstanceOf(Seal.UnknownFormat.class);
    }

    @Test
    void it_opens_in_its_own_place_only() {
        var other = new ResourceId(HOSPITAL, "Observation", "18").version(2);

        assertThatThrownBy(() -> seal.open(key, RecordCategory.LABORATORY, other, NOW, sealed))
                .isInstanceOf(Aead.Tampered.class);
        assertThatThrownBy(() -> seal.open(key, RecordCategory.PRESCRIPTIONS, id, NOW, sealed))
                .isInstanceOf(Aead.Tampered.class);
        assertThatThrownBy(
                        () ->
                                seal.open(
                                        key("p2", 1, 1),
                                        RecordCategory.LABORATORY,
                                        id,
                                        NOW,
                                        sealed))
                .isInstanceOf(Aead.Tampered.class);
        assertThatThrownBy(
                        () ->
                                seal.open(
                                        key("p1", 2, 1),
                                        RecordCategory.LABORATORY,
                                        id,
                                        NOW,
                                        sealed))
                .isInstanceOf(Aead.Tampered.class);
        assertThatThrownBy(
                        () ->
                                seal.open(
                                        key("p1", 1, 2),
                                        RecordCategory.LABORATORY,
                                        id,
                                        NOW,
                                        sealed))
                .isInstanceOf(Aead.Tampered.class);
    }

    @Test
    void nothing_secret_is_printed() {
        var version = new Version(id, NOW, "Practitioner/1", new byte[32], JSON);

        assertThat(version + " " + key).doesNotContain("resourceType").contains("redacted");
    }

    private CompartmentKey key(String patient, int purpose, int epoch) {
        return new CompartmentKey(
                new Compartment(1, new Owner(HOSPITAL, patient), purpose, epoch), secret);
    }
}
