/// What an approval rests on, said so that a machine can check it.
///
/// Whoever agrees to something agrees to it as it is: this model, this tool, this grant. Each such
/// thing is an [Assumption]; all that one approval rests on are its [Assumptions]. As soon as one
/// no longer holds in the [Present], the approval is void and says which one [Broken] is. Pure: no
/// database, no clock. Start at [Assumption]; its JSON is in `docs/formats/assumptions.md`,
/// `docs/adr/0055-an-approval-carries-what-it-rests-on.md` says why.
@NullMarked
package dev.remit.server.assumptions;

import org.jspecify.annotations.NullMarked;
