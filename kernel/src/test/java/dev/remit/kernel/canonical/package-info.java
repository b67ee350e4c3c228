/// Tests of canonical bytes.
@NullMarked
package dev.remit.kernel.canonical;

import org.jspecify.annotations.NullMarked;
