package dev.remit.server.gateway.wire;

import java.util.List;

/// How an answer ends its request: with a result, with an error, or with a question back.
public sealed interface Ending {

  /// A result.
  ///
  /// @param failed the tool itself reported failure (`isError`)
  record Result(boolean failed) implements Ending {}

  /// The server wants input before it goes on (`resultType: input_required`, 2026-07-28).
  ///
  /// @param methods what it asks the client for, such as `sampling/createMessage`; may be empty
  record InputRequired(List<String> methods) implements Ending {
    public InputRequired {
      methods = List.copyOf(methods);
    }
  }

  /// A JSON-RPC error.
  record Failure(long code) implements Ending {}
}
