/// Tests of lending against a real second PostgreSQL.
@NullMarked
package dev.remit.server.lending;

import org.jspecify.annotations.NullMarked;
