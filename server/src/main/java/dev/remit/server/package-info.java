/// Puts the product together: reads the configuration, builds every feature by constructor in the
/// order of their arrows, starts the edge, and takes it all down in reverse.
///
/// Start at [Main]; [RemitServer] is the order of things, [Features] what is built, [Config]
/// everything that can be set. No feature depends on this package.
@NullMarked
package dev.remit.server;

import org.jspecify.annotations.NullMarked;
