/// What the decision API is tried and measured with: the records of the OpenID certification
/// scenario, and a client as any other gateway would have it.
@NullMarked
package dev.remit.conformance.authzen;

import org.jspecify.annotations.NullMarked;
