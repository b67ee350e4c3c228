/// Checks the policy evaluator from outside: against the official Cedar corpus and, request by
/// request, against cedar-java.
@NullMarked
package dev.remit.conformance.policy;

import org.jspecify.annotations.NullMarked;
