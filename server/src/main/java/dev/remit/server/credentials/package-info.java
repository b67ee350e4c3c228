/// Keeps the secrets that upstreams need, encrypted, and hands them to the call that needs them.
///
/// Start at [Secrets]. Values exist in the open only inside a [SecretValue], which prints as
/// `[redacted]`.
@NullMarked
package dev.remit.server.credentials;

import org.jspecify.annotations.NullMarked;
