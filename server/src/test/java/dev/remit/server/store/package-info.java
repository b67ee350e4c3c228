/// Tests of transactions, notices and migrations on a real PostgreSQL, and [TestDatabase], which
/// every other test takes its database from.
@NullMarked
package dev.remit.server.store;

import org.jspecify.annotations.NullMarked;
