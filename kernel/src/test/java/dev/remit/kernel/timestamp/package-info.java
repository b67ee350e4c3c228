/// Holds the reading of timestamps to what OpenSSL has written, and to every change of a byte of
/// it.
@NullMarked
package dev.remit.kernel.timestamp;

import org.jspecify.annotations.NullMarked;
