/// Tests of tokens, on a real database and a real ledger. Start at `TokenWorld`.
@NullMarked
package dev.remit.server.signin;

import org.jspecify.annotations.NullMarked;
