package io.xinglin.ledger;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.xinglin.contracts.ContractViolation;
import io.xinglin.contracts.SignedTransaction;
import io.xinglin.contracts.TransactionId;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import org.springframework.http.ProblemDetail;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Up to 100 independent transactions in one request, each with an outcome of its own.
///
/// They share a way there and, as a rule, a block; they do not share a fate. No order among them is promised.
final class Batch {
    private static final int TRANSACTIONS_MAX = 100;

    /// Quotes, a comma and some room for spaces around each transaction.
    static final int LENGTH_MAX = TRANSACTIONS_MAX * (SignedTransaction.LENGTH_MAX + 16);

    private final List<String> transactions;

    private Batch(List<String> transactions) {
        this.transactions = transactions;
    }

    /// Reads a JSON array of compact JWS.
    static Batch parse(byte[] body) {
        if (body.length > LENGTH_MAX) {
            throw LedgerProblem.badBatch();
        }
        try {
            var json = JsonMapper.shared().readTree(body);
            if (!json.isArray()
                    || json.isEmpty()
                    || json.size() > TRANSACTIONS_MAX
                    || !json.valueStream().allMatch(JsonNode::isString)) {
                throw LedgerProblem.badBatch();
            }
            return new Batch(json.valueStream().map(JsonNode::stringValue).toList());
        } catch (JacksonException e) {
            throw LedgerProblem.badBatch();
        }
    }

    /// Submits all of them, waits for all of them, and answers in their order.
    List<Entry> submit(Function<String, SignedTransaction> reader, Ledger ledger) {
        return transactions.stream().map(jws -> submit(jws, reader, ledger)).toList().stream()
                .map(CompletableFuture::join)
                .toList();
    }

    private static CompletableFuture<Entry> submit(
            String jws, Function<String, SignedTransaction> reader, Ledger ledger) {
        try {
            return submit(reader.apply(jws), ledger);
        } catch (ContractViolation violation) {
            var problem = LedgerProblem.refused(violation.code().word(), violation.getMessage());
            return CompletableFuture.completedFuture(
                    Entry.of(Optional.empty(), "refused", problem.getBody()));
        }
    }

    private static CompletableFuture<Entry> submit(SignedTransaction transaction, Ledger ledger) {
        try {
            return ledger.submitAsync(transaction)
                    .thenApply(Entry::of)
                    .exceptionally(failure -> Entry.of(transaction.id(), failure));
        } catch (RuntimeException e) {
            return CompletableFuture.completedFuture(Entry.of(transaction.id(), e));
        }
    }

    /// What became of one transaction.
    ///
    /// @param id its id, unless it is no transaction
    /// @param outcome `committed`, `refused`, `busy` (nothing is stored) or `unknown` (submit it again)
    /// @param block where it is, if committed
    /// @param index its place there
    /// @param problem why not, otherwise
    @JsonInclude(JsonInclude.Include.NON_ABSENT)
    record Entry(
            Optional<String> id,
            String outcome,
            Optional<Long> block,
            Optional<Integer> index,
            Optional<ProblemDetail> problem) {
        static Entry of(TransactionOutcome outcome) {
            return switch (outcome) {
                case TransactionOutcome.Committed(var id, var block, var index) ->
                        new Entry(
                                Optional.of(id.value()),
                                "committed",
                                Optional.of(block),
                                Optional.of(index),
                                Optional.empty());
                case TransactionOutcome.Refused(var id, var code, var message) ->
                        of(
                                Optional.of(id),
                                "refused",
                                LedgerProblem.refused(code, message).getBody());
            };
        }

        static Entry of(TransactionId id, Throwable failure) {
            var cause = failure instanceof CompletionException e ? e.getCause() : failure;
            return cause instanceof LedgerBusy busy
                    ? of(Optional.of(id), LedgerBusy.SLUG, busy.getBody())
                    : of(Optional.of(id), "unknown", LedgerProblem.unavailable().getBody());
        }

        static Entry of(Optional<TransactionId> id, String outcome, ProblemDetail problem) {
            return new Entry(
                    id.map(TransactionId::value),
                    outcome,
                    Optional.empty(),
                    Optional.empty(),
                    Optional.of(problem));
        }
    }
}
