/// What people do while agents work: look at decisions, answer held calls, stop and let go, keep
/// secrets, issue operator tokens. Each command is one call of the API, well worded.
///
/// Start at any command; they are alike.
@NullMarked
package dev.remit.cli.operate;

import org.jspecify.annotations.NullMarked;
