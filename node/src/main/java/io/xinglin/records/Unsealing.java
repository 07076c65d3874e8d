package io.xinglin.records;

import java.security.SecureRandom;
import java.util.List;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.MissingNode;

/// Opens stored versions.
@Component
class Unsealing {
    private final Compartments compartments;
    private final Seal seal;

    Unsealing(Compartments compartments, SecureRandom random) {
        this.compartments = compartments;
        this.seal = new Seal(random);
    }

    /// The version in clear. Its owner, class and category are those it was sealed with, or it does not open.
    ///
    /// @throws io.xinglin.identity.Aead.Tampered if the row was changed
    Version open(StoredVersion row) {
        var key = compartments.opening(row.compartment());
        if (!key.compartment().owner().equals(row.owner())) {
            throw new MovedToAnotherOwner(row.id());
        }
        return seal.open(
                key, Categories.category(row.category()), row.id(), row.written(), row.sealed());
    }

    /// Many, on all processors. Their keys are unwrapped first, each once.
    List<Match> open(List<StoredVersion> rows) {
        rows.stream().map(StoredVersion::compartment).distinct().forEach(compartments::opening);
        return Writer.stream(rows).map(row -> Match.of(row, open(row))).toList();
    }

    JsonNode json(StoredVersion row) {
        return json(open(row));
    }

    /// A deletion has no elements.
    static JsonNode json(Version version) {
        return version.isDeletion()
                ? MissingNode.getInstance()
                : JsonMapper.shared().readTree(version.json());
    }

    /// The database says that a resource is someone else's than it was sealed for.
    static final class MovedToAnotherOwner extends RuntimeException {
        private static final long serialVersionUID = 1;

        MovedToAnotherOwner(VersionId id) {
            super(id + " was sealed for another owner");
        }
    }
}
