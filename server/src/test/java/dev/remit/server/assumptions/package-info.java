/// What approvals rest on, by small declarations made by hand.
@NullMarked
package dev.remit.server.assumptions;

import org.jspecify.annotations.NullMarked;
