package io.xinglin.sim;

import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.dao.InvalidDataAccessResourceUsageException;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.AbstractPlatformTransactionManager;
import org.springframework.transaction.support.DefaultTransactionStatus;

/// Tables in memory, with what this program relies on in PostgreSQL: a transaction is done whole or not at all, statements
/// see what is committed and what their own transaction did, a key is there once, who wants to write a row that another
/// transaction has written waits for its end, and so does who wants a lock that another holds.
///
/// This object is what survives a crash. A program uses it through a [Session], which ends with the program.
public final class MemoryDatabase {
    private final Map<String, Table<?, ?>> tables = new LinkedHashMap<>();
    private final Map<String, Transaction> locks = new ConcurrentHashMap<>();
    private Consumer<Transaction> observer = _ -> {};
    private long lastNumber;

    /// What may happen at the edge between a program and its database.
    public interface Edge {
        /// A statement is about to run.
        void statement(String what);

        /// A transaction is about to be committed: whoever is told of it may do it, not do it, or not tell of it.
        void commit(Runnable commit);

        /// Another transaction has to end first.
        void blocked(String by);

        /// A database that always works, for one program that does one thing at a time.
        Edge SOUND =
                new Edge() {
                    @Override
                    public void statement(String what) {}

                    @Override
                    public void commit(Runnable commit) {
                        commit.run();
                    }

                    @Override
                    public void blocked(String by) {
                        throw new IllegalStateException("waits for ever for " + by);
                    }
                };
    }

    /// The database did not answer.
    public static final class Unreachable extends DataAccessResourceFailureException {
        private static final long serialVersionUID = 1;

        public Unreachable(String what) {
            super(what);
        }
    }

    /// A table of this name, which is made when it is first asked for.
    @SuppressWarnings("unchecked")
    public <K, V> Table<K, V> table(String name, Comparator<? super K> order) {
        return (Table<K, V>) tables.computeIfAbsent(name, _ -> new Table<K, V>(name, order));
    }

    /// A number that was never given before, whatever becomes of the transaction that asks for it.
    public long nextNumber() {
        return ++lastNumber;
    }

    /// Tells of each transaction that is committed.
    public void observe(Consumer<Transaction> newObserver) {
        observer = newObserver;
    }

    /// Forgets what was not committed: the program that was at it is dead.
    void forgetUncommitted() {
        locks.clear();
        tables.values().forEach(table -> table.writers.clear());
    }

    /// What is committed, to be put back later.
    Map<String, NavigableMap<?, ?>> copy() {
        var copy = new HashMap<String, NavigableMap<?, ?>>();
        tables.forEach((name, table) -> copy.put(name, new TreeMap<>(table.rows)));
        return copy;
    }

    /// Puts a copy in the place of what is here.
    void restore(Map<String, NavigableMap<?, ?>> copy) {
        tables.forEach((name, table) -> table.replace(copy.get(name)));
    }

    /// The rows of a table.
    public static final class Table<K, V> {
        private final String name;
        private final NavigableMap<K, V> rows;
        private final Map<K, Transaction> writers = new HashMap<>();

        Table(String name, Comparator<? super K> order) {
            this.name = name;
            this.rows = new TreeMap<>(order);
        }

        /// What is committed, to look at or, for a disk that goes bad, to change.
        public NavigableMap<K, V> rows() {
            return rows;
        }

        /// A row that is there.
        public V row(K key) {
            return Optional.ofNullable(rows.get(key)).orElseThrow();
        }

        @SuppressWarnings("unchecked")
        private void replace(@Nullable NavigableMap<?, ?> copy) {
            rows.clear();
            if (copy != null) {
                rows.putAll((NavigableMap<K, V>) copy);
            }
        }

        @Override
        public String toString() {
            return name;
        }
    }

    /// A transaction, open or just committed.
    public final class Transaction {
        private final Edge edge;
        private final Map<Table<?, ?>, NavigableMap<?, ?>> changes = new LinkedHashMap<>();
        private final Set<Table<?, ?>> touched = new HashSet<>();
        private boolean failed;

        private Transaction(Edge edge) {
            this.edge = edge;
        }

        /// The table as this transaction sees it.
        public <K, V> NavigableMap<K, V> view(Table<K, V> table) {
            var changed = changes(table);
            if (changed.isEmpty()) {
                return table.rows;
            }
            var view = new TreeMap<>(table.rows);
            apply(changed, view);
            return view;
        }

        /// What this transaction changed in a table: the new row, or empty for one that is deleted.
        @SuppressWarnings("unchecked")
        public <K, V> NavigableMap<K, Optional<V>> changes(Table<K, V> table) {
            return (NavigableMap<K, Optional<V>>)
                    changes.getOrDefault(table, new TreeMap<K, Optional<V>>());
        }

        /// Adds a row.
        ///
        /// @throws DuplicateKeyException if there is one
        public <K, V> void insert(Table<K, V> table, K key, V row) {
            own(table, key);
            if (has(table, key)) {
                throw new DuplicateKeyException(table + " has " + key + " already");
            }
            change(table, key, Optional.of(row));
        }

        private <K, V> boolean has(Table<K, V> table, K key) {
            return changes(table)
                    .getOrDefault(key, Optional.ofNullable(table.rows.get(key)))
                    .isPresent();
        }

        /// Adds a row or replaces it.
        public <K, V> void upsert(Table<K, V> table, K key, V row) {
            own(table, key);
            change(table, key, Optional.of(row));
        }

        public <K, V> void delete(Table<K, V> table, K key) {
            own(table, key);
            change(table, key, Optional.empty());
        }

        /// Waits until no other transaction holds this lock, then holds it to its end.
        public void lock(String name) {
            while (locks.containsKey(name) && locks.get(name) != this) {
                edge.blocked(name);
            }
            locks.put(name, this);
        }

        /// Waits until no other transaction has changed this row.
        private <K, V> void own(Table<K, V> table, K key) {
            while (table.writers.containsKey(key) && table.writers.get(key) != this) {
                edge.blocked(table + " " + key);
            }
            table.writers.put(key, this);
            touched.add(table);
        }

        @SuppressWarnings("unchecked")
        private <K, V> void change(Table<K, V> table, K key, Optional<V> row) {
            var changed =
                    (NavigableMap<K, Optional<V>>)
                            changes.computeIfAbsent(
                                    table,
                                    _ -> new TreeMap<K, Optional<V>>(table.rows.comparator()));
            changed.put(key, row);
        }

        private void commit() {
            if (failed) {
                release();
                return;
            }
            try {
                if (!changes.isEmpty()) {
                    edge.commit(this::applyAll);
                }
            } finally {
                release();
            }
        }

        private void applyAll() {
            changes.keySet().forEach(this::apply);
            release();
            observer.accept(this);
        }

        private <K, V> void apply(Table<K, V> table) {
            apply(changes(table), table.rows);
        }

        private static <K, V> void apply(
                NavigableMap<K, Optional<V>> changes, NavigableMap<K, V> rows) {
            changes.forEach(
                    (key, row) ->
                            row.ifPresentOrElse(
                                    value -> rows.put(key, value), () -> rows.remove(key)));
        }

        private void release() {
            locks.values().removeIf(holder -> holder == this);
            touched.forEach(table -> table.writers.values().removeIf(it -> it == this));
        }

        private <T> T run(String what, Supplier<T> work) {
            if (failed) {
                throw new InvalidDataAccessResourceUsageException("the transaction is aborted");
            }
            try {
                edge.statement(what);
                return work.get();
            } catch (DataAccessException e) {
                failed = true;
                throw e;
            }
        }
    }

    /// The database as one run of a program uses it.
    public final class Session {
        private final Edge edge;

        @SuppressWarnings(
                "ThreadLocalUsage") // One a session, as a connection is bound to a thread.
        private final ThreadLocal<@Nullable Transaction> current = new ThreadLocal<>();

        private final Manager manager = new Manager(this);

        /// A session over this edge.
        public Session(Edge edge) {
            this.edge = edge;
        }

        /// The database behind it.
        public MemoryDatabase database() {
            return MemoryDatabase.this;
        }

        /// What Spring's transactions of this session are made with.
        public AbstractPlatformTransactionManager transactions() {
            return manager;
        }

        /// Runs a statement in the transaction of the caller, or in one of its own.
        public <T> T statement(String what, Function<Transaction, T> work) {
            var open = current.get();
            return open == null
                    ? inOwn(transaction -> transaction.run(what, () -> work.apply(transaction)))
                    : open.run(what, () -> work.apply(open));
        }

        /// Whether the caller has a transaction.
        public boolean isInTransaction() {
            return current.get() != null;
        }

        /// Runs something in a transaction apart from the caller's.
        public <T> T inOwn(Function<Transaction, T> work) {
            var transaction = new Transaction(edge);
            try {
                var result = work.apply(transaction);
                transaction.commit();
                return result;
            } finally {
                transaction.release();
            }
        }

        /// Runs a statement in this transaction.
        public void statement(String what, Transaction transaction, Runnable work) {
            transaction.run(
                    what,
                    () -> {
                        work.run();
                        return true;
                    });
        }
    }

    /// Spring's view of a session.
    private static final class Manager extends AbstractPlatformTransactionManager {
        private static final long serialVersionUID = 1;

        private final transient Session session;

        Manager(Session session) {
            this.session = session;
        }

        @Override
        protected Object doGetTransaction() {
            return session;
        }

        @Override
        protected boolean isExistingTransaction(Object transaction) {
            return session.isInTransaction();
        }

        @Override
        protected void doBegin(Object transaction, TransactionDefinition definition) {
            session.edge.statement("begin");
            session.current.set(session.database().new Transaction(session.edge));
        }

        @Override
        protected void doCommit(DefaultTransactionStatus status) {
            var transaction = session.current.get();
            if (transaction != null) {
                transaction.commit();
            }
        }

        @Override
        protected void doRollback(DefaultTransactionStatus status) {
            var transaction = session.current.get();
            if (transaction != null) {
                transaction.release();
            }
        }

        @Override
        protected void doSetRollbackOnly(DefaultTransactionStatus status) {
            var transaction = session.current.get();
            if (transaction != null) {
                transaction.failed = true;
            }
        }

        @Override
        protected void doCleanupAfterCompletion(Object transaction) {
            session.current.remove();
        }
    }
}
