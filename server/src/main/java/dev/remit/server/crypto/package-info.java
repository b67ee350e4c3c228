/// Which cryptographic provider computes, and the one key under which secrets are kept at rest.
///
/// Knows no feature, so that every feature may use it. Start at [Crypto] and [MasterKey].
@NullMarked
package dev.remit.server.crypto;

import org.jspecify.annotations.NullMarked;
