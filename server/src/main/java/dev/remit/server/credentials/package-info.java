/// Keeps the secrets that upstreams need, encrypted, and hands them to the call that needs them.
///
/// Start at [Secrets].
@NullMarked
package dev.remit.server.credentials;

import org.jspecify.annotations.NullMarked;
