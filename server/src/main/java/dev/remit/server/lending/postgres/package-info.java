/// What is done at a PostgreSQL that agents get roles in: make one, take one away, look what is
/// there. Knows nothing of tasks.
@NullMarked
package dev.remit.server.lending.postgres;

import org.jspecify.annotations.NullMarked;
