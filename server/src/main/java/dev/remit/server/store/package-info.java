/// Keeps what Remit knows in PostgreSQL: transactions, migrations, notices. No domain query lives
/// here; each feature has its own tables and its own `XxxStore`, and nobody reads another's.
///
/// Start at [Database#transact]: one feature operation is one transaction, handed down as a [Tx].
/// SQL is plain text (ADR 0003). A database that cannot be reached is a [DatabaseUnavailable],
/// which says whether the work is certainly lost ([NotCommitted]) or may have been stored
/// ([CommitUnknown]); a database that would lose acknowledged rows is refused at start
/// ([UnsafeDatabase]).
///
/// Migrations are `db/migration/Vnnn__name.sql` on the class path, a block of numbers per feature.
@NullMarked
package dev.remit.server.store;

import org.jspecify.annotations.NullMarked;
