package io.xinglin.log;

import io.xinglin.contracts.MemberId;
import io.xinglin.log.MemoryRows.At;
import io.xinglin.log.MemoryRows.ByWitness;
import io.xinglin.log.MemoryRows.Held;
import io.xinglin.log.MemoryRows.OfLog;
import io.xinglin.sim.MemoryDatabase;
import io.xinglin.sim.MemoryDatabase.Transaction;
import io.xinglin.tlog.NoteSignature;
import io.xinglin.tlog.SignedNote;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.dao.EmptyResultDataAccessException;

/// What was cosigned, in memory.
class MemoryWitnessTable implements WitnessTable {
    private final MemoryDatabase.Session session;
    private final MemoryRows rows;

    MemoryWitnessTable(MemoryDatabase.Session session) {
        this.session = session;
        this.rows = new MemoryRows(session.database());
    }

    @Override
    public void lock(MemberId witness, String origin) {
        session.statement(
                "lock",
                it -> {
                    it.lock("witness " + witness + " " + origin);
                    return true;
                });
    }

    private Optional<Held> held(MemberId witness, String origin) {
        return session.statement(
                "witnessed",
                it ->
                        Optional.ofNullable(
                                it.view(rows.witnessed).get(new OfLog(witness.value(), origin))));
    }

    @Override
    public Optional<SignedNote> witnessed(MemberId witness, String origin) {
        return held(witness, origin).map(Held::note).map(SignedNote::parse);
    }

    @Override
    public List<SignedNote> witnessed(String origin) {
        return session.statement(
                "witnessed by anyone",
                it ->
                        it.view(rows.witnessed).entrySet().stream()
                                .filter(row -> row.getKey().origin().equals(origin))
                                .map(row -> SignedNote.parse(row.getValue().note()))
                                .toList());
    }

    @Override
    public long witnessedSize(MemberId witness, String origin) {
        return held(witness, origin)
                .map(Held::size)
                .orElseThrow(() -> new EmptyResultDataAccessException(1));
    }

    @Override
    public void keepWitnessed(
            MemberId witness, String origin, long size, SignedNote note, Instant at) {
        session.statement(
                "keep witnessed",
                it -> {
                    it.upsert(
                            rows.witnessed,
                            new OfLog(witness.value(), origin),
                            new Held(size, note.toString(), at));
                    return true;
                });
    }

    @Override
    public void keepCosignature(
            MemberId organisation, long size, MemberId witness, NoteSignature line) {
        session.statement(
                "keep cosignature",
                it -> {
                    var org = organisation.value();
                    if (!it.view(rows.checkpoints).containsKey(new At(org, size))) {
                        throw new DataIntegrityViolationException("no such checkpoint");
                    }
                    it.upsert(
                            rows.cosignatures,
                            new ByWitness(org, size, witness.value()),
                            line.toString());
                    return true;
                });
    }

    private Stream<Map.Entry<ByWitness, String>> of(
            MemberId organisation, Transaction transaction) {
        return transaction.view(rows.cosignatures).entrySet().stream()
                .filter(row -> row.getKey().org().equals(organisation.value()));
    }

    @Override
    public List<NoteSignature> cosignatures(MemberId organisation, long size) {
        return session.statement(
                "cosignatures",
                it ->
                        of(organisation, it)
                                .filter(row -> row.getKey().size() == size)
                                .map(row -> NoteSignature.parse(row.getValue()))
                                .toList());
    }

    @Override
    public List<Kept> cosignatures(MemberId organisation) {
        return session.statement(
                "all cosignatures",
                it ->
                        of(organisation, it)
                                .map(
                                        row ->
                                                new Kept(
                                                        row.getKey().size(),
                                                        row.getKey().witness(),
                                                        row.getValue()))
                                .toList());
    }

    @Override
    public OptionalLong cosignedSize(MemberId organisation, int quorum) {
        return session.statement(
                "cosigned size",
                it -> {
                    var counts = new TreeMap<Long, Integer>();
                    of(organisation, it)
                            .forEach(row -> counts.merge(row.getKey().size(), 1, Integer::sum));
                    return counts.entrySet().stream()
                            .filter(count -> count.getValue() >= quorum)
                            .mapToLong(Map.Entry::getKey)
                            .max();
                });
    }

    @Override
    public long cosignedSize(MemberId organisation, MemberId witness) {
        return session.statement(
                "cosigned size of one",
                it ->
                        of(organisation, it)
                                .filter(row -> row.getKey().witness().equals(witness.value()))
                                .mapToLong(row -> row.getKey().size())
                                .max()
                                .orElse(0));
    }

    @Override
    public void forgetCosignatures(MemberId organisation, long below, long except) {
        session.statement(
                "forget cosignatures",
                it -> {
                    of(organisation, it)
                            .map(Map.Entry::getKey)
                            .filter(key -> key.size() < below && key.size() != except)
                            .toList()
                            .forEach(key -> it.delete(rows.cosignatures, key));
                    return true;
                });
    }
}
