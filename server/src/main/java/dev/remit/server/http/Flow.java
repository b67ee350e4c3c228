package dev.remit.server.http;

import java.io.IOException;
import java.io.OutputStream;

/// An answer with status 200 that is too long to be held: its body is written as it goes.
///
/// @param contentType the media type of the body
/// @param writing called once, after which what it reads from may be discarded
public record Flow(String contentType, Writing writing) {

  /// What writes a body.
  @FunctionalInterface
  public interface Writing {

    /// Writes all of it to `out`.
    ///
    /// @throws IOException if the caller has gone or the body cannot be read to its end; the answer
    ///   then breaks off
    void to(OutputStream out) throws IOException;
  }
}
