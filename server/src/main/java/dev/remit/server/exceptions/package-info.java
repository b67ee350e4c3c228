/// Exceptions: findings that two people accept for a while, with the reason, until a day that is
/// set beforehand. Nothing else accepts a risk; closing a finding says that it was dealt with, and
/// a label says nothing (ADR 0113).
///
/// Start at [Exceptions].
@NullMarked
package dev.remit.server.exceptions;

import org.jspecify.annotations.NullMarked;
