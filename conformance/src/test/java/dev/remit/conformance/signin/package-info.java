/// People at real browsers, and clients of others that log in by themselves.
@NullMarked
package dev.remit.conformance.signin;

import org.jspecify.annotations.NullMarked;
