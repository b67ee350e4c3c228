/// Timestamps of others (RFC 3161): the word of an authority that a checkpoint was there at a time.
///
/// Pure: asks nobody and knows no clock. Start at [Timestamp]; what asks for them is the server's.
/// Of DER, CMS and X.509 there is just what a timestamp needs, with nothing but the Java platform,
/// so that whoever verifies needs nothing more either.
@NullMarked
package dev.remit.kernel.timestamp;

import org.jspecify.annotations.NullMarked;
