/// Tests of how the log's checkpoints reach witnesses.
@NullMarked
package dev.remit.server.witness;

import org.jspecify.annotations.NullMarked;
