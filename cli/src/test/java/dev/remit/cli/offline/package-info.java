/// Tries what `remit verify` makes of files.
@NullMarked
package dev.remit.cli.offline;

import org.jspecify.annotations.NullMarked;
