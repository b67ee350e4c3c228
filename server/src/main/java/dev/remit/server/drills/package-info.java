/// Rehearsed suspensions: whether access really ends when somebody says stop, and how fast.
@NullMarked
package dev.remit.server.drills;

import org.jspecify.annotations.NullMarked;
