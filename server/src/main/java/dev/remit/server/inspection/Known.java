package dev.remit.server.inspection;

import dev.remit.kernel.identity.SecretKind;

/// One value that is recognised as it is.
///
/// @param what its name: never the value
/// @param length in bytes of UTF-8
/// @param window the keyed hash of its first bytes
/// @param beginnings the same of fewer, from one on
/// @param mac of the whole of it
@SuppressWarnings("ArrayRecordComponent") // compared by the matcher alone, and in constant time
record Known(
    SecretKind kind, String what, int length, long window, long[] beginnings, byte[] mac) {}
