package io.xinglin.records;

import ca.uhn.fhir.rest.server.exceptions.BaseServerResponseException;

import io.xinglin.contracts.MemberId;
import io.xinglin.identity.Caller;
import io.xinglin.platform.Failure;

import org.hl7.fhir.r4.model.Bundle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The sealed records of the organisations on this node.
///
/// People and programs read and write them at `/fhir/{org}`. What other modules of the node need is here.
@Component
public class Records {
    private static final Logger LOG = LoggerFactory.getLogger(Records.class);

    private final Writer writer;
    private final IdentifierLookup lookup;

    Records(Writer writer, IdentifierLookup lookup) {
        this.writer = writer;
        this.lookup = lookup;
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
        var request = BundleReader.read(bundle);
        return Bundles.response(
                request.atomic(),
                request.atomic()
                        ? together(custodian, request.entries(), author)
                        : eachAlone(custodian, request.entries(), author));
    }

    /// The logical id of the resource with this identifier, for the node's own bookkeeping: nothing of it is disclosed.
    public Optional<String> find(MemberId custodian, String type, String system, String value) {
        var query = new IdentifierQuery(type, system, value);
        return lookup.find(custodian, List.of(query)).values().stream()
                .flatMap(List::stream)
                .map(row -> row.id().resource().id())
                .findFirst();
    }

    private List<Bundles.Result> together(
            MemberId custodian, List<BundleReader.Entry> entries, Caller author) {
        var changes = entries.stream().map(entry -> entry.change().get()).toList();
        return results(writer.write(custodian, author, changes));
    }

    /// Mostly all succeed, and one transaction is a hundred times faster than a hundred; if not, each is tried alone.
    private List<Bundles.Result> eachAlone(
            MemberId custodian, List<BundleReader.Entry> entries, Caller author) {
        try {
            return together(custodian, entries, author);
        } catch (RuntimeException e) {
            var results = new ArrayList<Bundles.Result>();
            for (var entry : entries) {
                results.add(alone(custodian, entry, author));
            }
            return results;
        }
    }

    private Bundles.Result alone(MemberId custodian, BundleReader.Entry entry, Caller author) {
        try {
            return results(writer.write(custodian, author, List.of(entry.change().get())))
                    .getFirst();
        } catch (BaseServerResponseException e) {
            return new Bundles.Result.Refused(
                    e.getStatusCode(), R4.json().encodeResourceToString(e.getOperationOutcome()));
        } catch (RuntimeException e) {
            // The others of a batch are stored, or will be, and their senders must learn of it.
            LOG.error("an entry of a batch failed: {}", Failure.of(e));
            var failed = Outcomes.failed();
            return new Bundles.Result.Refused(
                    failed.getStatusCode(),
                    R4.json().encodeResourceToString(failed.getOperationOutcome()));
        }
    }

    private static List<Bundles.Result> results(List<Written> written) {
        return written.stream().map(one -> (Bundles.Result) new Bundles.Result.Done(one)).toList();
    }
}
