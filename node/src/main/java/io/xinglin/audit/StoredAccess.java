package io.xinglin.audit;

import io.xinglin.contracts.MemberId;
import io.xinglin.log.EntryId;
import java.time.Instant;
import java.util.UUID;

/// A sealed row of the access table.
@SuppressWarnings("ArrayRecordComponent") // Rows are read and opened, never compared.
record StoredAccess(
        UUID id, MemberId custodian, String patient, Instant at, EntryId entry, byte[] sealed) {}
