/// Decides every governed call: which policies are active, what facts they see, what they answer.
///
/// Start at [Decisions#decide]: it turns facts that are already in memory into a request and
/// evaluates the active policy set, without I/O. Policies are parsed and validated by cedar-java
/// when they are applied, and become active only when both engines agree on generated requests.
/// Reference for policy authors: `docs/guides/policy.md`; semantics and the JSON mapping:
/// `docs/formats/policy.md`.
@NullMarked
package dev.remit.server.decisions;

import org.jspecify.annotations.NullMarked;
