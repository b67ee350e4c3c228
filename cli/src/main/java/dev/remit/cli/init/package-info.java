/// Brings an existing MCP client configuration under Remit.
///
/// Start at [InitCommand], then [Init], which tells the story in order: read, ask each server what
/// it offers, store secrets, write manifests, and only then touch the client's file.
///
/// What is guessed here (effects, data classes, intent) is written into manifests with the reason
/// beside it, for a person to review; nothing is in force before `remit apply`.
@NullMarked
package dev.remit.cli.init;

import org.jspecify.annotations.NullMarked;
