/// Changes of what decides an agent, as a developer and those who approve make them.
@NullMarked
package dev.remit.conformance.changes;

import org.jspecify.annotations.NullMarked;
