/// A built server whose checkpoints are stamped by an OpenSSL that plays a timestamp authority.
@NullMarked
package dev.remit.conformance.timestamps;

import org.jspecify.annotations.NullMarked;
