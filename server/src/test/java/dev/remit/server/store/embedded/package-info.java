/// Tests of the private PostgreSQL with real processes, really killed.
@NullMarked
package dev.remit.server.store.embedded;

import org.jspecify.annotations.NullMarked;
