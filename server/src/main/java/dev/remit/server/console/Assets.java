package dev.remit.server.console;

import dev.remit.server.http.Access;
import dev.remit.server.http.Method;
import dev.remit.server.http.Operation;
import dev.remit.server.http.Reply;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// The files that pages load: one stylesheet, one script that every page works without, and the
/// verifier of `docs/verify.html`.
final class Assets {
  static final String STYLESHEET = "/assets/console.css";
  static final String SCRIPT = "/assets/console.js";
  static final String VERIFIER = "/assets/verify.js";

  private Assets() {}

  static List<Operation> operations() {
    return List.of(
        served(STYLESHEET, "text/css", "Return the stylesheet of the console"),
        served(SCRIPT, "text/javascript", "Return the script that the console works without"),
        served(VERIFIER, "text/javascript", "Return the verifier of proofs for browsers"));
  }

  private static Operation served(String path, String type, String summary) {
    var text = read(path.substring(path.lastIndexOf('/') + 1));
    return new Operation(
        Method.GET,
        path,
        new Access.Open(),
        summary,
        _ ->
            Reply.text(200, type + "; charset=utf-8", text)
                .with("Cache-Control", "public, max-age=3600")
                .with("X-Content-Type-Options", "nosniff"));
  }

  private static String read(String name) {
    try (var in = Assets.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("the server was built without " + name);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("read " + name, e);
    }
  }
}
