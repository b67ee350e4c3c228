/// The commands that declare: plan, apply, diff, get, describe, delete.
///
/// Files are read here and understood on the server, so a problem has the author's own file name,
/// line and column. Start at [ApplyCommand].
@NullMarked
package dev.remit.cli.registry;

import org.jspecify.annotations.NullMarked;
