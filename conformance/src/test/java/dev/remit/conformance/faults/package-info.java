/// What must hold when the machine fails in the middle of work.
@NullMarked
package dev.remit.conformance.faults;

import org.jspecify.annotations.NullMarked;
