@NullMarked
package dev.remit.kernel.evidence;

import org.jspecify.annotations.NullMarked;
