package dev.remit.conformance.harness;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import tools.jackson.databind.json.JsonMapper;

/// A person who has chosen a password and signed in with it, as a browser without a screen does.
public final class SignedIn {
  private static final String PASSWORD = "correct horse battery staple";
  private static final Pattern TOKEN =
      Pattern.compile("name=\"token\" type=\"hidden\" value=\"([^\"]+)\"");

  private final HttpClient client = HttpClient.newHttpClient();
  private final URI address;
  private String cookie = "";

  private SignedIn(URI address) {
    this.address = address;
  }

  /// Returns the header `Cookie` of a browser at which `person` has signed in.
  public static String cookie(RemitProcess remit, String person)
      throws IOException, InterruptedException {
    var admin = remit.admin();
    var invited =
        admin.exchange(
            admin.request("/v1/people/" + person + "/invitation").POST(BodyPublishers.noBody()));
    var link = JsonMapper.shared().readTree(invited.body()).path("link").stringValue();
    var browser = new SignedIn(remit.address());
    var secret = link.substring(link.indexOf("link=") + "link=".length());
    var chosen = browser.get("/sign-in/link?link=" + secret);
    browser.post("/sign-in/link", "link=" + secret + token(chosen) + password());
    var shown = browser.get("/sign-in?next=/console");
    var in = browser.post("/sign-in", "next=/console&name=" + person + token(shown) + password());
    if (in.statusCode() != 303) {
      throw new IllegalStateException(person + " could not sign in: " + in.body());
    }
    return browser.cookie;
  }

  private static String password() {
    return "&password=" + URLEncoder.encode(PASSWORD, StandardCharsets.UTF_8);
  }

  private static String token(HttpResponse<String> page) {
    var found = TOKEN.matcher(page.body());
    if (!found.find()) {
      throw new IllegalStateException("no form in: " + page.body());
    }
    return "&token=" + found.group(1);
  }

  private HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return sent(HttpRequest.newBuilder(address.resolve(path)));
  }

  private HttpResponse<String> post(String path, String form)
      throws IOException, InterruptedException {
    return sent(
        HttpRequest.newBuilder(address.resolve(path))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(BodyPublishers.ofString(form)));
  }

  private HttpResponse<String> sent(HttpRequest.Builder request)
      throws IOException, InterruptedException {
    if (!cookie.isEmpty()) {
      request.header("Cookie", cookie);
    }
    var answer = client.send(request.build(), BodyHandlers.ofString());
    answer
        .headers()
        .firstValue("Set-Cookie")
        .ifPresent(set -> cookie = set.substring(0, set.indexOf(';')));
    return answer;
  }
}
