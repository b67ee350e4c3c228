/// A running gateway from outside: who gets in, with what, and what happens to nonsense.
@NullMarked
package dev.remit.conformance.gateway;

import org.jspecify.annotations.NullMarked;
