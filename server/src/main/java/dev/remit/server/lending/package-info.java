/// Lends a credential of a database for one task, and takes it back when the task ends.
///
/// Start at [Issuing] (how one is made) and [Ending] (how one is taken away). The state machine is
/// [Lent.State]; what is done at the database itself is in `postgres`.
@NullMarked
package dev.remit.server.lending;

import org.jspecify.annotations.NullMarked;
