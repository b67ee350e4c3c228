/// The way of a pilot into production and back, as people walk it.
@NullMarked
package dev.remit.conformance.promotion;

import org.jspecify.annotations.NullMarked;
