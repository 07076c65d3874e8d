package io.xinglin.sim;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.client.ClientHttpRequest;
import org.springframework.http.client.ClientHttpResponse;
import org.springframework.mock.http.client.MockClientHttpRequest;
import org.springframework.mock.http.client.MockClientHttpResponse;

/// The network between machines. What is sent arrives once, twice, late, together with the next, or never.
final class Network {
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final World world;
    private final Scheduler scheduler;
    private final Faults faults;
    private final RandomGenerator random;
    private final Set<Machine> cutOff = new HashSet<>();
    private final Map<Way, Consumer<Duration>> held = new HashMap<>();

    Network(World world, Scheduler scheduler, Faults faults, RandomGenerator random) {
        this.world = world;
        this.scheduler = scheduler;
        this.faults = faults;
        this.random = random;
    }

    /// There was no answer, or none that helps.
    static final class NoAnswer extends RuntimeException {
        private static final long serialVersionUID = 1;

        NoAnswer(String why) {
            super(why, null, false, false);
        }
    }

    /// Cuts a machine off, or lets it back in.
    void cutOff(Machine machine, boolean isCutOff) {
        if (isCutOff) {
            cutOff.add(machine);
        } else {
            cutOff.remove(machine);
        }
    }

    private boolean isCut(Machine from, Machine to) {
        return from != to && (cutOff.contains(from) || cutOff.contains(to));
    }

    private Duration delay() {
        return faults.comes(Fault.MESSAGE_LATE)
                ? Duration.ofMillis(random.nextInt(20_000))
                : Duration.ofNanos(random.nextInt(100_000, 20_000_000));
    }

    /// Asks another machine and waits for its answer.
    ///
    /// @throws NoAnswer if there is none in time, or the other failed
    <T> T call(Machine from, Machine to, Function<Machine.Run, T> handler) {
        var answer = new Scheduler.Answer<Reply<T>>();
        if (!isCut(from, to) && !faults.comes(Fault.MESSAGE_LOST)) {
            deliver(from, to, handler, answer);
            if (faults.comes(Fault.MESSAGE_TWICE)) {
                deliver(from, to, handler, answer);
            }
        }
        var reply = scheduler.await(answer, PATIENCE);
        if (reply.isEmpty()) {
            throw new NoAnswer("no answer");
        }
        var value = reply.get().value();
        if (value == null) {
            throw new NoAnswer(String.valueOf(reply.get().failure()));
        }
        return value;
    }

    private record Reply<T>(@Nullable T value, @Nullable String failure) {}

    private <T> void deliver(
            Machine from,
            Machine to,
            Function<Machine.Run, T> handler,
            Scheduler.Answer<Reply<T>> answer) {
        Consumer<Duration> arrival =
                delay ->
                        scheduler.after(
                                delay, world.life(), () -> arrive(from, to, handler, answer));
        var way = new Way(from, to);
        if (!held.containsKey(way) && faults.comes(Fault.MESSAGE_HELD)) {
            held.put(way, arrival);
            return;
        }
        var delay = delay();
        arrival.accept(delay);
        Optional.ofNullable(held.remove(way)).ifPresent(it -> it.accept(delay));
    }

    private record Way(Machine from, Machine to) {}

    private <T> void arrive(
            Machine from,
            Machine to,
            Function<Machine.Run, T> handler,
            Scheduler.Answer<Reply<T>> answer) {
        var run = to.run();
        if (run.isEmpty()) {
            reply(from, to, answer, new Reply<>(null, "connection refused"));
        } else if (!isCut(from, to)) {
            scheduler.after(
                    Duration.ZERO,
                    run.get().life(),
                    () -> reply(from, to, answer, handle(run.get(), handler)));
        }
    }

    private static <T> Reply<T> handle(Machine.Run run, Function<Machine.Run, T> handler) {
        try {
            return new Reply<>(handler.apply(run), null);
        } catch (RuntimeException e) {
            return new Reply<>(null, e.toString());
        }
    }

    private <T> void reply(
            Machine from, Machine to, Scheduler.Answer<Reply<T>> answer, Reply<T> reply) {
        if (!isCut(from, to) && !faults.comes(Fault.ANSWER_LOST)) {
            scheduler.after(delay(), world.life(), () -> answer.give(reply));
        }
    }

    /// HTTP from a machine to wherever an address says.
    ClientHttpRequest request(Machine from, URI uri, HttpMethod method) {
        return new MockClientHttpRequest(method, uri) {
            @Override
            protected ClientHttpResponse executeInternal() throws IOException {
                var to = world.machine(uri.getHost());
                var path = uri.getPath().substring("/log/".length());
                var body =
                        method.equals(HttpMethod.POST)
                                ? Optional.of(getBodyAsBytes())
                                : Optional.<byte[]>empty();
                try {
                    var reply = call(from, to, run -> run.serve(path, body));
                    return new MockClientHttpResponse(
                            reply.body(), HttpStatusCode.valueOf(reply.status()));
                } catch (NoAnswer e) {
                    throw new IOException(e);
                }
            }
        };
    }
}
