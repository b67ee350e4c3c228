/// Stages: how a pilot comes into production, on proofs and by two people, and how it goes back.
///
/// Start at [Promotions], the one way into production, and [Decay], the way back; [LiveGate] asks
/// [dev.remit.kernel.promotion.Gate], which is what an auditor asks of a bundle. ADR 0111 and 0112;
/// for people `docs/guides/from-pilot-to-production.md`.
@NullMarked
package dev.remit.server.promotion;

import org.jspecify.annotations.NullMarked;
