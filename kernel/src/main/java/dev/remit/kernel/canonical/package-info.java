/// One way to write a value as bytes, and the digest of those bytes.
///
/// Everything that is compared, pinned or hashed goes through here, so that two programs that mean
/// the same thing hash the same thing. Start at [CanonicalJson] (RFC 8785) and [Digest].
@NullMarked
package dev.remit.kernel.canonical;

import org.jspecify.annotations.NullMarked;
