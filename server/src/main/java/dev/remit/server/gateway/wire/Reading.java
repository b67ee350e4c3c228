package dev.remit.server.gateway.wire;

/// What came of reading some bytes as a message.
public sealed interface Reading {

  record Read(Message message) implements Reading {}

  /// Not JSON at all, or JSON of which two readers could understand different things.
  record NotJson(String why) implements Reading {}

  /// JSON, but not one JSON-RPC message.
  record NotRpc(String why) implements Reading {}
}
