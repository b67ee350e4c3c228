/// The tour, as a test.
@NullMarked
package dev.remit.conformance.tour;

import org.jspecify.annotations.NullMarked;
