package dev.remit.server.decisions;

import dev.remit.kernel.canonical.Digest;
import dev.remit.kernel.policy.Decision;

/// An answer, and the version of the policy set that gave it.
///
/// @param policies digest of the active policy set; the same texts and tools give the same digest
public record Decided(Decision decision, Digest policies) {}
