package io.xinglin.records;

import io.xinglin.consent.RecordCategory;
import io.xinglin.identity.Caller;
import io.xinglin.records.AccessEvent.Interaction;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/// Answers reads: consent first, then the entry in the log, then, once both are committed, the record.
///
/// The custodian's own people and systems are told that something does not exist. All others are refused the same way
/// whether it exists or not.
@Component
class Reader {
    private final RecordTable table;
    private final Unsealing unsealing;
    private final Permissions permissions;
    private final TransactionTemplate transaction;

    Reader(
            RecordTable table,
            Unsealing unsealing,
            Permissions permissions,
            TransactionTemplate transaction) {
        this.table = table;
        this.unsealing = unsealing;
        this.permissions = permissions;
        this.transaction = transaction;
    }

    /// What a read comes to.
    sealed interface Answer<T> {
        /// It is permitted and recorded.
        record Found<T>(T what) implements Answer<T> {}

        /// It is refused, and that is recorded; or there is nothing, and the reader is not to know.
        record Refused<T>() implements Answer<T> {}

        /// There is nothing, and the reader may know.
        record Missing<T>() implements Answer<T> {}

        default <R> Answer<R> map(Function<T, R> function) {
            return switch (this) {
                case Found<T>(var what) -> new Found<>(function.apply(what));
                case Refused<T>() -> new Refused<>();
                case Missing<T>() -> new Missing<>();
            };
        }
    }

    /// A version, and where it is in the log.
    record Entry(StoredVersion row, Version version) {}

    /// The newest version.
    Answer<Entry> read(Caller caller, ResourceId id) {
        return answer(() -> one(caller, id, Interaction.READ, () -> table.current(id)))
                .map(this::open);
    }

    /// One version.
    Answer<Entry> read(Caller caller, VersionId id) {
        return answer(() -> one(caller, id.resource(), Interaction.VREAD, () -> table.version(id)))
                .map(this::open);
    }

    private Entry open(StoredVersion row) {
        return new Entry(row, unsealing.open(row));
    }

    private <T> Answer<T> answer(java.util.function.Supplier<Answer<T>> work) {
        var answer = transaction.execute(_ -> work.get());
        if (answer == null) {
            throw new IllegalStateException("a read has an answer");
        }
        return answer;
    }

    private Answer<StoredVersion> one(
            Caller caller,
            ResourceId id,
            Interaction interaction,
            java.util.function.Supplier<Optional<StoredVersion>> wanted) {
        Permissions.guard(caller, id.custodian());
        var current = table.current(id);
        if (current.isEmpty()) {
            return nothing(caller, interaction, id.type());
        }
        var there = current.get();
        var row = interaction == Interaction.READ ? current : wanted.get();
        var asked = labels(Stream.concat(current.stream(), row.stream()));
        var permission = permissions.of(caller, there.owner(), interaction, id.type(), asked);
        if (permission.isEmpty()) {
            return new Answer.Refused<>();
        }
        var permit = permission.get();
        if (!row.orElse(there).isCoveredBy(permit)) {
            return notCovered(caller, there, interaction);
        }
        permissions.disclosed(
                caller, there.owner(), interaction, id.type(), permit, references(row.stream()));
        return row.<Answer<StoredVersion>>map(Answer.Found::new).orElseGet(Answer.Missing::new);
    }

    /// What the consent leaves out is refused whatever is asked of it: how many versions it has is not told either.
    private <T> Answer<T> notCovered(Caller caller, StoredVersion row, Interaction interaction) {
        permissions.refused(caller, row.owner().patient(), interaction, row.id().resource().type());
        return new Answer.Refused<>();
    }

    private <T> Answer<T> nothing(Caller caller, Interaction interaction, String type) {
        if (Permissions.isInsider(caller) || R4.isDirectory(type)) {
            return new Answer.Missing<>();
        }
        permissions.refused(caller, Optional.empty(), interaction, type);
        return new Answer.Refused<>();
    }

    /// What the rows are, by their own labels and by those their resource has now.
    private static Set<RecordCategory> labels(Stream<StoredVersion> rows) {
        return rows.flatMap(row -> Stream.of(row.category(), row.currentCategory()))
                .map(Categories::category)
                .collect(Collectors.toSet());
    }

    private static List<String> references(Stream<StoredVersion> rows) {
        return rows.map(row -> row.id().reference()).toList();
    }
}
