/// Tries what `remit verify` makes of files.
@NullMarked
package dev.remit.cli.verify;

import org.jspecify.annotations.NullMarked;
