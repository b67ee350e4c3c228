/// Verifies evidence without a server: what `remit verify` and the jar that stands alone share.
///
/// Start at [Verifier]. It needs the kernel and nothing else: `remit-verify.jar` is this package,
/// the kernel and Jackson, and [OfflineMain] starts it.
@NullMarked
package dev.remit.cli.offline;

import org.jspecify.annotations.NullMarked;
