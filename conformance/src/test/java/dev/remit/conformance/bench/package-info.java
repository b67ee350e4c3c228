/// Whether the benchmarks run; never how fast anything was.
@NullMarked
package dev.remit.conformance.bench;

import org.jspecify.annotations.NullMarked;
