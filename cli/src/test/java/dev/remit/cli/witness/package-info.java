/// Tests of the witness.
@NullMarked
package dev.remit.cli.witness;

import org.jspecify.annotations.NullMarked;
