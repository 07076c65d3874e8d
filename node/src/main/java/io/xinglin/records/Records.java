package io.xinglin.records;

import ca.uhn.fhir.rest.api.PreferReturnEnum;
import ca.uhn.fhir.rest.server.exceptions.BaseServerResponseException;
import io.xinglin.contracts.MemberId;
import io.xinglin.identity.Caller;
import io.xinglin.platform.Failure;
import io.xinglin.records.Bundles.Result;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.hl7.fhir.r4.model.Bundle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/// The sealed records of the organisations on this node.
///
/// People and programs read and write them at `/fhir/{org}`. What other modules of the node need is here.
@Component
public class Records {
    private static final Logger LOG = LoggerFactory.getLogger(Records.class);

    private final Writer writer;
    private final IdentifierLookup lookup;
    private final EntryReads reads;

    Records(Writer writer, IdentifierLookup lookup, EntryReads reads) {
        this.writer = writer;
        this.lookup = lookup;
        this.reads = reads;
    }

    /// Stores the entries of a transaction bundle, all or none; or of a batch, each for itself. Their patients are enrolled.
    ///
    /// @param author who it is by; must be of the custodian
    /// @return what became of each entry, in order: `entry.response.location` is `Type/id/_history/version`
    /// @throws BaseServerResponseException if it is refused; its OperationOutcome says which entry and why
    public Bundle transaction(MemberId custodian, Bundle bundle, Caller author) {
        var json = R4.json().encodeResourceToString(bundle).getBytes(StandardCharsets.UTF_8);
        return R4.json()
                .parseResource(
                        Bundle.class,
                        new String(transaction(custodian, json, author), StandardCharsets.UTF_8));
    }

    /// The same for a bundle as JSON, which is read entry by entry: it needs a fraction of the memory.
    ///
    /// @return the response bundle, JSON
    public byte[] transaction(MemberId custodian, byte[] bundle, Caller author) {
        return transaction(custodian, bundle, author, PreferReturnEnum.MINIMAL);
    }

    /// @param prefer how much is answered of what is stored
    byte[] transaction(MemberId custodian, byte[] bundle, Caller author, PreferReturnEnum prefer) {
        var request = BundleReader.read(bundle);
        return Bundles.response(
                request.atomic(),
                prefer,
                request.atomic()
                        ? together(custodian, asks(request), author)
                        : eachAlone(custodian, request.entries(), author));
    }

    private static List<Ask> asks(BundleReader.Request request) {
        return request.entries().stream().map(entry -> entry.ask().get()).toList();
    }

    /// The logical id of the resource with this identifier, for the node's own bookkeeping: nothing of it is disclosed.
    public Optional<String> find(MemberId custodian, String type, String system, String value) {
        var query = new IdentifierQuery(type, system, value);
        return lookup.find(custodian, List.of(query)).values().stream()
                .flatMap(List::stream)
                .map(row -> row.id().resource().id())
                .findFirst();
    }

    /// All changes, then all reads, or nothing.
    private List<Result> together(MemberId custodian, List<Ask> asks, Caller author) {
        var changes = only(Change.class, asks);
        var gets = only(Ask.Get.class, asks);
        var stored =
                writer.write(
                        custodian,
                        author,
                        changes,
                        () ->
                                gets.stream()
                                        .map(get -> reads.answer(custodian, author, get))
                                        .toList());
        var written = stored.written().iterator();
        var read = stored.read().iterator();
        return asks.stream()
                .<Result>map(
                        ask ->
                                switch (ask) {
                                    case Change _ -> new Result.Done(written.next());
                                    case Ask.Get _ -> read.next();
                                })
                .toList();
    }

    private static <A extends Ask> List<A> only(Class<A> kind, List<Ask> asks) {
        return asks.stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    /// Mostly all succeed, and one transaction is a hundred times faster than a hundred; if not, each is tried alone, in the order
    /// in which a transaction would be done.
    private List<Result> eachAlone(
            MemberId custodian, List<BundleReader.Entry> entries, Caller author) {
        try {
            return together(
                    custodian, entries.stream().map(entry -> entry.ask().get()).toList(), author);
        } catch (RuntimeException e) {
            var results = new Result[entries.size()];
            for (var turn : Turn.values()) {
                for (var i = 0; i < results.length; i++) {
                    if (Turn.of(entries.get(i)) == turn) {
                        results[i] = alone(custodian, entries.get(i), author);
                    }
                }
            }
            return List.of(results);
        }
    }

    /// When an entry of a batch is done.
    ///
    /// @spec https://hl7.org/fhir/R4/http.html#trules FHIR R4, transaction processing rules
    private enum Turn {
        DELETE,
        CREATE,
        CHANGE,
        READ;

        /// What is not understood changes nothing, whenever it is refused.
        static Turn of(BundleReader.Entry entry) {
            try {
                return switch (entry.ask().get()) {
                    case Change change ->
                            switch (change.act()) {
                                case DELETE -> DELETE;
                                case CREATE -> CREATE;
                                case UPDATE, PATCH -> CHANGE;
                            };
                    case Ask.Get _ -> READ;
                };
            } catch (BaseServerResponseException e) {
                return READ;
            }
        }
    }

    private Result alone(MemberId custodian, BundleReader.Entry entry, Caller author) {
        try {
            return together(custodian, List.of(entry.ask().get()), author).getFirst();
        } catch (BaseServerResponseException e) {
            return refused(e);
        } catch (RuntimeException e) {
            // The others of a batch are stored, or will be, and their senders must learn of it.
            LOG.error("an entry of a batch failed: {}", Failure.of(e));
            return refused(Outcomes.failed());
        }
    }

    private static Result refused(BaseServerResponseException e) {
        return new Result.Refused(
                e.getStatusCode(), R4.json().encodeResourceToString(e.getOperationOutcome()));
    }
}
