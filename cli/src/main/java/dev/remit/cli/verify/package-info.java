/// Takes evidence away from a server and verifies it without one.
///
/// Start at [VerifyCommand]; what verifies is [dev.remit.cli.offline.Verifier]. An export is a
/// directory in the layout of C2SP tlog-tiles, so other tools can read it.
@NullMarked
package dev.remit.cli.verify;

import org.jspecify.annotations.NullMarked;
