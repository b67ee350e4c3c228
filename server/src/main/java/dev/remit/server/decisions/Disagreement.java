package dev.remit.server.decisions;

import dev.remit.kernel.canonical.Digest;

/// A decision on which the engines differ.
///
/// @param decided what the engine that decides has answered, `otherwise` what the other one did
public record Disagreement(Question question, Digest policies, String decided, String otherwise) {}
