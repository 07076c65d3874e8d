package io.xinglin.contracts;

/// A committed value and which transaction wrote it.
///
/// @param value canonical JSON
/// @param version the writer
public record Versioned(String value, Version version) {}
