/// The root log over real nodes' logs.
@NullMarked
package dev.remit.server.rootlog;

import org.jspecify.annotations.NullMarked;
