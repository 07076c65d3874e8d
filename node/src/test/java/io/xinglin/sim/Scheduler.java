package io.xinglin.sim;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// Runs everything that happens in a world, one thing at a time, in the order of virtual time; what happens at one time, by lot.
///
/// A task may wait, and keeps its stack while it does: tasks run on virtual threads, of which only the one that holds the
/// baton runs. Whoever waits hands it on, and gets it back when its time has come.
public final class Scheduler {
    private static final long HANGING_SECONDS = 60;

    private final RandomGenerator random;
    private final PriorityQueue<Event> events = new PriorityQueue<>();
    private final Deque<Worker> idle = new ArrayDeque<>();
    private final Set<Worker> waiting = new LinkedHashSet<>();
    private final Semaphore finished = new Semaphore(0);
    private @Nullable Worker current;
    private @Nullable Throwable failure;
    private long now;
    private long until;
    private long count;
    private boolean closing;

    Scheduler(RandomGenerator random) {
        this.random = random;
    }

    /// Nanoseconds since the world began.
    long now() {
        return now;
    }

    /// How many things have happened.
    long count() {
        return count;
    }

    /// Has something begin after a while, unless that life is over by then.
    void after(Duration delay, Life life, Runnable task) {
        events.add(new Event(now + delay.toNanos(), random.nextInt(), count++, life, task, null));
    }

    /// Has something happen again and again, always so long after it has ended.
    void every(Duration first, Duration delay, Life life, Runnable task) {
        after(
                first,
                life,
                () -> {
                    task.run();
                    every(delay, delay, life, task);
                });
    }

    /// Waits, as the task that runs.
    void sleep(Duration time) {
        var wait = new Wait(running());
        wakeAt(now + time.toNanos(), wait);
        park(wait);
    }

    /// Lets others go first, perhaps.
    void giveWay() {
        sleep(Duration.ofNanos(random.nextInt(200_000)));
    }

    /// Waits for an answer; empty if there is none in time.
    <T> Optional<T> await(Answer<T> answer, Duration patience) {
        if (answer.value.isEmpty()) {
            var wait = new Wait(running());
            answer.listener = () -> wakeAt(now, wait);
            wakeAt(now + patience.toNanos(), wait);
            park(wait);
            answer.listener = () -> {};
        }
        return answer.value;
    }

    /// Ends a life: whatever it does or waits for is over.
    void end(Life life) {
        life.end();
        for (var worker : waiting) {
            var wait = worker.wait;
            if (worker.life == life && wait != null) {
                wakeAt(now, wait);
            }
        }
    }

    /// Runs the world for so long.
    ///
    /// @throws AssertionError with what went wrong
    void run(Duration time) {
        until = now + time.toNanos();
        free().give();
        try {
            if (!finished.tryAcquire(HANGING_SECONDS, TimeUnit.SECONDS)) {
                throw new AssertionError("the simulation hangs");
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        if (failure != null) {
            throw failure instanceof Violation violation ? violation : new AssertionError(failure);
        }
        now = until;
    }

    /// Notes what went wrong: nothing happens after it.
    void fail(Throwable why) {
        if (failure == null) {
            failure = why;
        }
    }

    /// Ends the world.
    void close() {
        closing = true;
        var all = new ArrayList<>(waiting);
        all.addAll(idle);
        for (var worker : all) {
            worker.give();
            try {
                worker.thread.join();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
    }

    private Worker running() {
        var worker = current;
        if (worker == null) {
            throw new IllegalStateException("only a task can wait");
        }
        if (closing) {
            throw new Crashed("the world");
        }
        worker.life.require();
        return worker;
    }

    private void wakeAt(long time, Wait wait) {
        events.add(new Event(time, random.nextInt(), count++, wait.worker.life, () -> {}, wait));
    }

    private void park(Wait wait) {
        var me = wait.worker;
        me.wait = wait;
        var next = events.peek();
        if (next != null && next.waiter == wait && next.time <= until && failure == null) {
            events.remove();
            now = Math.max(now, next.time);
        } else {
            waiting.add(me);
            free().give();
            me.awaitBaton();
            waiting.remove(me);
        }
        wait.over = true;
        me.wait = null;
        if (closing) {
            throw new Crashed("the world");
        }
        me.life.require();
    }

    private Worker free() {
        var free = idle.poll();
        return free == null ? new Worker() : free;
    }

    private @Nullable Event next() {
        while (failure == null) {
            var next = events.peek();
            if (next == null || next.time > until) {
                return null;
            }
            events.remove();
            if (next.waiter == null || !next.waiter.over) {
                now = Math.max(now, next.time);
                return next;
            }
        }
        return null;
    }

    /// Something that will be said.
    static final class Answer<T> {
        private Optional<T> value = Optional.empty();
        private Runnable listener = () -> {};

        /// Says it; who says it later is not heard.
        void give(T said) {
            if (value.isEmpty()) {
                value = Optional.of(said);
                listener.run();
            }
        }
    }

    private record Event(
            long time, int lot, long number, Life life, Runnable task, @Nullable Wait waiter)
            implements Comparable<Event> {
        @Override
        public int compareTo(Event other) {
            var order = Long.compare(time, other.time);
            if (order == 0) {
                order = Integer.compare(lot, other.lot);
            }
            return order == 0 ? Long.compare(number, other.number) : order;
        }
    }

    private static final class Wait {
        private final Worker worker;
        private boolean over;

        Wait(Worker worker) {
            this.worker = worker;
        }
    }

    private final class Worker implements Runnable {
        private final Thread thread = Thread.ofVirtual().unstarted(this);
        private volatile boolean baton;
        private boolean started;
        private Life life = new Life("nobody");
        private @Nullable Wait wait;

        void give() {
            baton = true;
            if (started) {
                LockSupport.unpark(thread);
            } else {
                started = true;
                thread.start();
            }
        }

        void awaitBaton() {
            while (!baton) {
                LockSupport.park(this);
            }
            baton = false;
            current = this;
        }

        @Override
        public void run() {
            awaitBaton();
            while (!closing) {
                var event = next();
                if (event == null) {
                    idle.push(this);
                    finished.release();
                    awaitBaton();
                } else if (event.waiter != null) {
                    idle.push(this);
                    event.waiter.worker.give();
                    awaitBaton();
                } else {
                    perform(event);
                }
            }
        }

        private void perform(Event event) {
            if (event.life.isOver()) {
                return;
            }
            life = event.life;
            try {
                event.task.run();
            } catch (Crashed _) {
                // Whoever did this is not there any more.
            } catch (Throwable e) {
                fail(e);
            }
        }
    }
}
