package io.xinglin.sim;

import java.util.List;

/// Something stored that is not what was stored.
///
/// @param what in words
/// @param places what a check that names it says, one of them
/// @param undo puts back what was there
public record Damage(String what, List<String> places, Runnable undo) {}
