/// The operator command `remit`: a thin, well-worded client of the server's HTTP API.
///
/// Start at [Commands], the list of everything the command can do, and [RemitClient], the one way
/// it talks to a server. Nothing here decides anything: rules live in the server, offline
/// verification in `dev.remit.kernel`.
///
/// To add a command: write a class with `@Command` and a constructor that takes a [Terminal], and
/// name it in [Commands]. The reference page `docs/reference/cli.md` is generated from it.
@NullMarked
package dev.remit.cli;

import org.jspecify.annotations.NullMarked;
