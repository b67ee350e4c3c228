/// Evaluations over a real database, a real ledger and a scripted model behind real HTTP.
@NullMarked
package dev.remit.server.evaluations;

import org.jspecify.annotations.NullMarked;
