/// Tests of what a task may do.
@NullMarked
package dev.remit.kernel.task;

import org.jspecify.annotations.NullMarked;
