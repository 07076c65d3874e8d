package io.xinglin.identity;

import io.xinglin.contracts.MemberId;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.stereotype.Component;

/// The sample people, who get tokens by a secret instead of signing in. They exist only where `xinglin.sample` is true.
///
/// Secrets are long and random; only their digests are kept here, and nothing survives a restart: whoever made them tells them again.
@Component
@ConditionalOnBooleanProperty("xinglin.sample")
public class SampleUsers {
    private static final int SECRET_LENGTH_MIN = 32;

    private final Map<String, SampleUser> users = new ConcurrentHashMap<>();

    SampleUsers() {}

    /// Lets someone in.
    ///
    /// @param name the OAuth client id, unique on this node: letters, digits, `-`, `.`
    /// @param secret the client secret: at least 32 random characters
    /// @param caller whom they are taken for, at the organisation that they belong to
    public void register(String name, String secret, Caller caller) {
        register(name, secret, () -> Optional.of(caller));
    }

    /// Lets someone in who may not be known yet, like a patient whose record is still to come.
    ///
    /// @param caller asked each time they come
    public void register(String name, String secret, Supplier<Optional<Caller>> caller) {
        if (secret.length() < SECRET_LENGTH_MIN) {
            throw new IllegalArgumentException("the secret of a sample user is too short");
        }
        if (!name.matches("[A-Za-z0-9.-]{1,64}")) {
            throw new IllegalArgumentException("not the name of a sample user");
        }
        users.put(name, new SampleUser(digest(secret), caller));
    }

    /// Who this is at this organisation, if the secret is right.
    Optional<Caller> authenticate(MemberId organisation, String name, String secret) {
        var user = Optional.ofNullable(users.get(name));
        return user.filter(u -> MessageDigest.isEqual(u.digest, digest(secret)))
                .flatMap(u -> u.caller.get())
                .filter(caller -> caller.custodian().equals(organisation));
    }

    private static byte[] digest(String secret) {
        try {
            return MessageDigest.getInstance("SHA-256")
                    .digest(secret.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static final class SampleUser {
        private final byte[] digest;
        private final Supplier<Optional<Caller>> caller;

        SampleUser(byte[] digest, Supplier<Optional<Caller>> caller) {
            this.digest = digest;
            this.caller = caller;
        }
    }
}
