package dev.remit.server.gateway.wire;

/// One JSON-RPC message, as far as the gateway has to understand it.
///
/// Everything else in the message stays unread in the bytes it came in, and those bytes are what is
/// forwarded. Both directions use the same three shapes.
public sealed interface Message {

  /// Asks for something and waits for an answer.
  record Request(RpcId id, String method, Params params) implements Message {}

  /// Tells something; nobody answers.
  record Notice(String method, Params params) implements Message {}

  /// Answers the request `id`.
  record Answer(RpcId id, Ending ending) implements Message {}

  /// An error that answers nothing in particular: the other side could not read the id.
  record Complaint(long code) implements Message {}
}
