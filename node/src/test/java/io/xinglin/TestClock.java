package io.xinglin;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.springframework.boot.test.context.TestComponent;
import org.springframework.context.annotation.Primary;

/// The node's clock, which a test can put forward; never back.
@TestComponent
@Primary
public class TestClock implements InstantSource {
    private volatile Duration ahead = Duration.ZERO;

    @Override
    public Instant instant() {
        return Instant.now().plus(ahead);
    }

    /// Lets time pass.
    public void pass(Duration time) {
        ahead = ahead.plus(time);
    }
}
