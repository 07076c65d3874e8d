package io.xinglin.consent;

import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// The answer to an [AccessRequest]. It is asked for before anything is matched.
public sealed interface AccessDecision {
    /// The reader may see what one of these grounds covers, and only that.
    ///
    /// Several consents do not add up to more than each of them says: laboratory results under one and mental health under another
    /// are not laboratory results of mental health. Ask [#covers] for each resource.
    ///
    /// @param grounds never empty
    record Permit(List<Ground> grounds) implements AccessDecision {
        public Permit {
            grounds = List.copyOf(grounds);
            if (grounds.isEmpty()) {
                throw new IllegalArgumentException("a permit rests on something");
            }
        }

        /// Whether a resource of this category and of all these classes may be shown.
        public boolean covers(RecordCategory category, Set<SensitivityClass> classes) {
            return grounds.stream().anyMatch(g -> g.covers(category, classes));
        }

        /// The categories of which something may be shown.
        public Set<RecordCategory> categories() {
            var all = EnumSet.noneOf(RecordCategory.class);
            grounds.forEach(g -> all.addAll(g.categories()));
            return all;
        }

        /// The consents it rests on; none for the patient and the custodian's own staff.
        public Set<ConsentId> consents() {
            return grounds.stream()
                    .flatMap(g -> g.consent().stream())
                    .collect(Collectors.toUnmodifiableSet());
        }
    }

    /// Why, and how much, may be read.
    ///
    /// @param categories those of the asked ones; never empty
    /// @param classes the sensitivity classes of them; never empty
    /// @param consent the consent that says so; empty for the patient and the custodian's own staff
    record Ground(
            Set<RecordCategory> categories,
            Set<SensitivityClass> classes,
            Optional<ConsentId> consent) {
        public Ground {
            categories = Set.copyOf(categories);
            classes = Set.copyOf(classes);
        }

        boolean covers(RecordCategory category, Set<SensitivityClass> asked) {
            return categories.contains(category) && classes.containsAll(asked);
        }
    }

    /// Nothing of what was asked may be read.
    record Deny(DenialReason reason) implements AccessDecision {}

    /// Why a read was refused. Told to the patient; the reader only learns that it was refused.
    enum DenialReason {
        /// No consent covers this reader, purpose and part.
        NO_CONSENT,
        /// A consent did, and was withdrawn.
        WITHDRAWN,
        /// A consent did, and has ended.
        EXPIRED,
        /// The record is only stored, as the patient asked and the law demands.
        RESTRICTED
    }
}
