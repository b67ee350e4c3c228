/// Tries `remit init` on the configurations of real clients, with a real server process.
@NullMarked
package dev.remit.cli.init;

import org.jspecify.annotations.NullMarked;
