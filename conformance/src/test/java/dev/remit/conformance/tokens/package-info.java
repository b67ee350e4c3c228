/// What a task's token is good for at a running gateway, and when it no longer is.
@NullMarked
package dev.remit.conformance.tokens;

import org.jspecify.annotations.NullMarked;
