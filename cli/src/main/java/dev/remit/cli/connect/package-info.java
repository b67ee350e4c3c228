/// The bridge between an MCP client that cannot exchange tokens and Remit's gateway.
///
/// Start at [ConnectCommand]. [StdioBridge] carries a client that speaks over standard input and
/// output, [LocalFront] one that wants a URL; both work under one [TaskToken], which starts a task,
/// keeps its token fresh, and completes the task at the end. [RunCommand] serves models and servers
/// together, under tokens of one [SharedTask].
///
/// Nothing is decided here: what the gateway refuses, the client is told in the protocol's own
/// form, and standard error says it in words.
///
/// Source: the Model Context Protocol, transports of 2025-11-25 and 2026-07-28.
@NullMarked
package dev.remit.cli.connect;

import org.jspecify.annotations.NullMarked;
