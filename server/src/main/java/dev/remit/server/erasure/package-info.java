/// Erases what was kept encrypted, without losing the proof that it was there.
///
/// Start at [Erasure]: content of one task, one person, or a workflow's past. [Retention] erases
/// what has outlived its workflow's retention, [LegalHolds] keeps content from both. What is
/// destroyed is keys ([dev.remit.server.ledger.SubjectKeys]); entries, commitments and ciphertexts
/// stay, so the log and every bundle still verify.
@NullMarked
package dev.remit.server.erasure;

import org.jspecify.annotations.NullMarked;
