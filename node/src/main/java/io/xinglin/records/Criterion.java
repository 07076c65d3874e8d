package io.xinglin.records;

import java.util.List;
import java.util.Map;

/// One parameter of a search, understood.
sealed interface Criterion
        permits Condition,
                Criterion.Chain,
                Criterion.Has,
                Criterion.InValueSet,
                Criterion.PointedAt {

    /// What a reference points at matches: `subject:Patient.name=li`.
    ///
    /// @param byType what the resource pointed at must match, by its type; it must be of one of these
    record Chain(SearchParameter reference, Map<String, Criterion> byType) implements Criterion {}

    /// Something that matches points at it: `_has:Observation:patient:code=718-7`.
    ///
    /// @param type what points
    /// @param reference by which of its references
    record Has(R4.Type type, SearchParameter reference, Criterion criterion) implements Criterion {}

    /// A code is in a set of this server: `code:in=ValueSet/17`.
    ///
    /// @param set its reference or address
    /// @param isIn whether the code must be in it, or must not
    record InValueSet(SearchParameter parameter, String set, boolean isIn) implements Criterion {}

    /// One of these: what [Has] comes to when it was looked up.
    ///
    /// @param by for each reference, what points at it
    record PointedAt(Map<String, List<StoredVersion>> by) implements Criterion {}
}
