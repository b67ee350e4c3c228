package dev.remit.server.http;

/// One thing that can be asked of the server over HTTP.
///
/// @param method the HTTP method
/// @param path the path, with `{name}` for a variable segment and `{+name}` for a rest of several
/// @param access who may call it
/// @param summary one sentence for the reference, in the imperative
/// @param answer how it is carried out
public record Operation(Method method, String path, Access access, String summary, Answer answer) {

  public Operation {
    if (!path.startsWith("/")) {
      throw new IllegalArgumentException("a path starts with a slash, not `" + path + "`");
    }
  }

  public Operation(Method method, String path, Access access, String summary, Handler handler) {
    this(method, path, access, summary, new Answer.Whole(handler));
  }

  /// An operation with an answer that is written as it goes.
  public static Operation flowing(
      Method method, String path, Access access, String summary, FlowingHandler handler) {
    return new Operation(method, path, access, summary, new Answer.Flowing(handler));
  }

  /// An operation that reads and writes raw bytes and authenticates its callers itself.
  public static Operation streaming(
      Method method, String path, String summary, StreamingHandler handler) {
    return new Operation(method, path, new Access.Own(), summary, new Answer.Streamed(handler));
  }

  /// Returns the operation as documents and problems name it: `POST /v1/registry/plan`.
  public String name() {
    return method + " " + path;
  }

  /// How an operation answers.
  public sealed interface Answer {

    /// With one reply, after the whole body was read.
    record Whole(Handler handler) implements Answer {}

    /// After the caller was admitted and the whole body was read, piece by piece.
    record Flowing(FlowingHandler handler) implements Answer {}

    /// As it goes, from the first byte.
    record Streamed(StreamingHandler handler) implements Answer {}
  }
}
