/// Clients and servers of others, unmodified, with Remit between them.
@NullMarked
package dev.remit.conformance.live;

import org.jspecify.annotations.NullMarked;
