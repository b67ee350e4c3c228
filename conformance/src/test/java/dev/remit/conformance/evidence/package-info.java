@NullMarked
package dev.remit.conformance.evidence;

import org.jspecify.annotations.NullMarked;
