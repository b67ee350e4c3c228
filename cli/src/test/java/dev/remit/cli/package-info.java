/// Tries the operator command: in this process where that is enough, as a process of its own where
/// standard streams, signals or files matter.
@NullMarked
package dev.remit.cli;

import org.jspecify.annotations.NullMarked;
