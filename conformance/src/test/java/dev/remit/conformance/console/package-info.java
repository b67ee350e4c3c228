/// The console in a real browser, against a running server with real agents.
@NullMarked
package dev.remit.conformance.console;

import org.jspecify.annotations.NullMarked;
