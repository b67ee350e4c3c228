/// Holds the private keys of identities on this machine, one private file each.
///
/// Start at [KeyFile]: what `remit init` creates once and `remit connect` signs with.
@NullMarked
package dev.remit.cli.keys;

import org.jspecify.annotations.NullMarked;
