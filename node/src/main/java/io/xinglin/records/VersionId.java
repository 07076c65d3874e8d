package io.xinglin.records;

/// Names one version of a resource.
///
/// @param number from 1 upwards, without gaps
record VersionId(ResourceId resource, int number) {
    VersionId {
        if (number < 1) {
            throw new IllegalArgumentException("versions count from 1");
        }
    }

    /// As a reference within the organisation: `Observation/17/_history/2`.
    String reference() {
        return resource.reference() + "/_history/" + number;
    }

    @Override
    public String toString() {
        return resource.custodian() + " " + reference();
    }
}
