/// Breaking glass: at three in the morning a call must go through that policy denies, or holds for
/// people who are asleep. Two people let a few calls of one identity or workflow go on, at one
/// resource, for minutes; loudly, and a third one reviews it afterwards (ADR 0102).
///
/// Start at [Emergencies]; [Emergency] is the state and its rules. Only policy's answer is lifted:
/// token, standing, the scope of the task, grants and reviewed definitions hold, and each call is
/// recorded before it is made, as ever.
@NullMarked
package dev.remit.server.emergency;

import org.jspecify.annotations.NullMarked;
