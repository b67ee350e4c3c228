/// Tests of keys.
@NullMarked
package dev.remit.cli.keys;

import org.jspecify.annotations.NullMarked;
