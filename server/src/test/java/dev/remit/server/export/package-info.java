/// Tests of how entries leave the ledger, over a real database, a real ledger and real receivers.
@NullMarked
package dev.remit.server.export;

import org.jspecify.annotations.NullMarked;
