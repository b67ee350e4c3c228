/// Programs of the Node world that Remit is tried with: the official conformance runner, clients
/// and servers of others. Nothing of Remit needs them; where Node is missing, what uses them says
/// so and stands back. Start at [NodeTools].
@NullMarked
package dev.remit.conformance.node;

import org.jspecify.annotations.NullMarked;
