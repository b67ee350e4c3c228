/// How people hear of what a running server asks them, seen from outside.
@NullMarked
package dev.remit.conformance.notifications;

import org.jspecify.annotations.NullMarked;
