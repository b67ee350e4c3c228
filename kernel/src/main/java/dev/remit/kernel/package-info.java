/// Placeholder.
@NullMarked
package dev.remit.kernel;

import org.jspecify.annotations.NullMarked;
