/// Tests of the shared nouns.
@NullMarked
package dev.remit.kernel.identity;

import org.jspecify.annotations.NullMarked;
