/// Placeholder.
@NullMarked
package dev.remit.server;

import org.jspecify.annotations.NullMarked;
