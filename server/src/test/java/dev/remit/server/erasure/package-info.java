/// Erasing content, and what keeps it from being erased.
@NullMarked
package dev.remit.server.erasure;

import org.jspecify.annotations.NullMarked;
