package dev.remit.server.signin;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;

/// A browser without a screen: it keeps the one cookie, follows nothing by itself, and sends the
/// hidden fields of the form that it was last shown.
final class Visitor {
  private static final HttpClient CLIENT = HttpClient.newHttpClient();
  private static final Pattern HIDDEN =
      Pattern.compile("<input name=\"([^\"]+)\" type=\"hidden\" value=\"([^\"]*)\">");
  private static final Pattern HIDDEN_NAMED =
      Pattern.compile(
          "<input autocomplete=\"[^\"]*\" name=\"([^\"]+)\" type=\"hidden\" value=\"([^\"]*)\">");

  private final SignInWorld world;
  private final Map<String, String> hidden = new LinkedHashMap<>();
  String cookie = "";

  Visitor(SignInWorld world) {
    this.world = world;
  }

  /// What came back.
  record Shown(int status, String text, HttpResponse<String> raw) {
    String location() {
      return raw.headers().firstValue("Location").orElse("");
    }

    String header(String name) {
      return raw.headers().firstValue(name).orElse("");
    }

    Map<String, String> answer() {
      return Addresses.parsed(String.valueOf(URI.create(location()).getRawQuery()));
    }
  }

  Shown get(String path) {
    return send("GET", path, "");
  }

  /// Follows a redirect to this server.
  Shown follow(Shown shown) {
    return get(shown.location().substring(SignInWorld.ISSUER.toString().length()));
  }

  /// Sends the form that was last shown, with what the person filled in.
  Shown submit(String path, Map<String, String> filled) {
    var form = new LinkedHashMap<>(hidden);
    form.putAll(filled);
    return post(path, form);
  }

  Shown post(String path, Map<String, String> form) {
    return send("POST", path, Addresses.query(form));
  }

  Map<String, String> hidden() {
    return hidden;
  }

  Shown signIn(String name, String password, String next) {
    get(Addresses.with("/sign-in", Map.of("next", next)));
    return submit("/sign-in", Map.of("name", name, "password", password));
  }

  private Shown send(String method, String path, String body) {
    var request =
        HttpRequest.newBuilder(world.address().resolve(path))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .method(
                method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
    if (!cookie.isEmpty()) {
      request.header("Cookie", cookie);
    }
    try {
      var answer = CLIENT.send(request.build(), BodyHandlers.ofString());
      answer
          .headers()
          .firstValue("Set-Cookie")
          .ifPresent(set -> cookie = set.substring(0, set.indexOf(';')));
      remember(answer.body());
      return new Shown(answer.statusCode(), answer.body(), answer);
    } catch (IOException e) {
      throw new UncheckedIOException(method + " " + path, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private void remember(String page) {
    if (!page.contains("<form")) {
      return;
    }
    hidden.clear();
    for (var pattern : java.util.List.of(HIDDEN, HIDDEN_NAMED)) {
      var fields = pattern.matcher(page);
      while (fields.find()) {
        hidden.put(fields.group(1), unescaped(fields.group(2)));
      }
    }
  }

  private static String unescaped(String text) {
    return text.replace("&quot;", "\"")
        .replace("&#39;", "'")
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&amp;", "&");
  }
}
