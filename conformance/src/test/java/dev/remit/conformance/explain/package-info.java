@NullMarked
package dev.remit.conformance.explain;

import org.jspecify.annotations.NullMarked;
