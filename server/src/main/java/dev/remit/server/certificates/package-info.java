/// Issues X.509-SVIDs to tasks and takes them back: an authority of our own, its certificates, and
/// the list of those that do not hold any more.
///
/// Start at [Issuing] (how one is made), [Ending] (why one ends) and [Lists] (how others learn of
/// it). The states are [Svid.State]. Why it is so: ADR 0063.
@NullMarked
package dev.remit.server.certificates;

import org.jspecify.annotations.NullMarked;
