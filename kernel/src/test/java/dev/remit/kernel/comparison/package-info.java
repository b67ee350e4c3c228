/// The mathematics of comparisons, against published examples and against simulation.
@NullMarked
package dev.remit.kernel.comparison;

import org.jspecify.annotations.NullMarked;
