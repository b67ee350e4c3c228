/// The reading of messages and event streams, without a gateway around it.
@NullMarked
package dev.remit.server.gateway.wire;

import org.jspecify.annotations.NullMarked;
