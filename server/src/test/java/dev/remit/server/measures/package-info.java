/// Tests of what controls cost and bring.
@NullMarked
package dev.remit.server.measures;

import org.jspecify.annotations.NullMarked;
