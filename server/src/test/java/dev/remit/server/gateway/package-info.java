/// The gateway against a real database, real tokens, a real ledger, and servers that misbehave.
@NullMarked
package dev.remit.server.gateway;

import org.jspecify.annotations.NullMarked;
