package io.xinglin.identity;

import static io.xinglin.Consortium.CITY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.xinglin.TestNode;
import io.xinglin.fsck.Findings;
import io.xinglin.platform.NodeProperties;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/// The node's master key is replaced, and everything under it sealed anew, whenever the node stops in between.
@TestNode
class MasterRotationTests {
    @Autowired private MasterRotation rotation;
    @Autowired private Keys keys;
    @Autowired private MasterKey master;
    @Autowired private KeyCheck check;
    @Autowired private Identities identities;
    @Autowired private NodeProperties node;
    @Autowired private SecureRandom random;

    @Test
    void everything_is_under_the_new_key_and_the_old_one_is_gone() {
        var before = rotation.generation();
        var secret = identities.mac(CITY, "test", new byte[1]);

        rotation.begin();
        rotation.finish();

        assertThat(rotation.generation()).isEqualTo(before + 1);
        assertThat(rotation.left()).isZero();
        assertThat(rotation.isUnderWay()).isFalse();
        assertThatThrownBy(() -> master.aead(before)).isInstanceOf(Aead.Tampered.class);
        assertThat(Findings.of(check)).isEmpty();
        assertThat(identities.mac(CITY, "test", new byte[1])).isEqualTo(secret);
    }

    @Test
    void what_a_crash_stopped_goes_on_in_the_background() {
        rotation.begin();
        keys.sealAgain("", 1);
        assertThat(rotation.left()).isPositive();
        assertThat(Findings.of(check)).isEmpty();

        var restarted = MasterKey.open(node.data(), Optional.empty(), random);
        assertThat(restarted.isRotating()).isTrue();
        rotation.work();

        assertThat(rotation.left()).isZero();
        assertThat(MasterKey.open(node.data(), Optional.empty(), random).isRotating()).isFalse();
    }

    @Test
    void what_was_sealed_before_opens_until_the_old_key_is_gone() {
        var sealed = master.aead().seal("secret".getBytes(StandardCharsets.UTF_8));
        var generation = master.generation();

        rotation.begin();

        assertThat(master.aead(generation).open(sealed)).asString().isEqualTo("secret");
        rotation.finish();
    }
}
