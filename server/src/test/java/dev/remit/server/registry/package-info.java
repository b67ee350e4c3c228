/// Tests of the registry, on a real database and a real ledger.
@NullMarked
package dev.remit.server.registry;

import org.jspecify.annotations.NullMarked;
