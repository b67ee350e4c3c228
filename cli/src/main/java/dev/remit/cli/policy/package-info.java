/// The commands about policies: test them before they are applied, and see what one in shadow would
/// do.
///
/// Testing asks no server. The parser and the evaluator are those of the server's jar, in a process
/// that lives as long as the command. Start at [PolicyTestCommand].
@NullMarked
package dev.remit.cli.policy;

import org.jspecify.annotations.NullMarked;
