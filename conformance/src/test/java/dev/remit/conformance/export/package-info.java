/// What leaves a running server for others, seen from outside.
@NullMarked
package dev.remit.conformance.export;

import org.jspecify.annotations.NullMarked;
