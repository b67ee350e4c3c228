@NullMarked
package dev.remit.kernel.state;

import org.jspecify.annotations.NullMarked;
