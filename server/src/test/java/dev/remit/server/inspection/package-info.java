/// Looking for secrets: the core by itself, and canaries with their entries.
@NullMarked
package dev.remit.server.inspection;

import org.jspecify.annotations.NullMarked;
