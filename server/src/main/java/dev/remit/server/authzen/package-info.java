/// Answers those who enforce elsewhere: any gateway that speaks the OpenID Authorization API 1.0
/// (AuthZEN) can ask what Remit's own gateway would decide, and is told why.
///
/// Start at [Evaluation]: it is the story of one question. What was answered is in the ledger
/// before the answer leaves, marked as asked and not as enforced. Callers must be allowed to ask,
/// see [Asker]. How the specification's words name things of the registry: [Vocabulary] and
/// `docs/guides/authzen.md`.
@NullMarked
package dev.remit.server.authzen;

import org.jspecify.annotations.NullMarked;
