/// How much harm each workflow and identity could do, composed from what is declared: the data it
/// can reach, what its tools do, how far it acts alone, and how stable the model behind it is.
///
/// Pure: the same rows, rules and moment give the same [Risks], and every point of it names the
/// rows that it comes from. No label lowers it (ADR 0110). Start at [Risks#of]. For people:
/// `docs/guides/from-pilot-to-production.md`.
@NullMarked
package dev.remit.server.risk;

import org.jspecify.annotations.NullMarked;
