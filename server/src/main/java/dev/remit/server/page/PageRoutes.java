package dev.remit.server.page;

import dev.remit.server.http.Access;
import dev.remit.server.http.Method;
import dev.remit.server.http.Operation;
import dev.remit.server.http.Reply;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// What all pages share.
public final class PageRoutes {
  private final String stylesheet = read("remit.css");

  public List<Operation> operations() {
    return List.of(
        new Operation(
            Method.GET,
            Page.STYLESHEET,
            new Access.Open(),
            "Return the stylesheet of the pages for people",
            _ ->
                Reply.text(200, "text/css; charset=utf-8", stylesheet)
                    .with("Cache-Control", "public, max-age=3600")
                    .with("X-Content-Type-Options", "nosniff")));
  }

  private static String read(String name) {
    try (var in = PageRoutes.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("the server was built without " + name);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("read " + name, e);
    }
  }
}
