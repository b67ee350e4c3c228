/// Evidence as it stands in the logs, over a real database.
@NullMarked
package dev.remit.server.evidence;

import org.jspecify.annotations.NullMarked;
