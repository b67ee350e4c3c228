/// What a task may do, and how that narrows.
///
/// Pure: a scope is a value, and the only way to a new scope is to narrow an old one. Start at
/// [TaskScope].
@NullMarked
package dev.remit.kernel.task;

import org.jspecify.annotations.NullMarked;
