/// Tests of what is done at a database that agents get roles in.
@NullMarked
package dev.remit.server.lending.postgres;

import org.jspecify.annotations.NullMarked;
