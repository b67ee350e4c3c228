/// Placeholder.
@NullMarked
package dev.remit.conformance;

import org.jspecify.annotations.NullMarked;
