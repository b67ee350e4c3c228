package dev.remit.server.page;

import dev.remit.server.http.Reply;
import java.util.ArrayList;
import java.util.List;

/// One page: a frame, a heading, and what it says.
///
/// @param status of the answer
/// @param title its heading, and with ours behind it the window's
/// @param body beneath the heading
/// @param formTargets where its forms may lead besides this server, as sources of a policy: a form
///   whose answer sends the browser on to another program needs that named
public record Page(int status, String title, List<Html> body, List<String> formTargets) {
  /// Where the stylesheet is served.
  static final String STYLESHEET = "/assets/remit.css";

  public Page {
    body = List.copyOf(body);
    formTargets = List.copyOf(formTargets);
  }

  public Page(String title, Html... body) {
    this(200, title, List.of(body), List.of());
  }

  /// A page that says what went wrong and what to do next.
  public static Page refusal(int status, String title, String detail, String next) {
    return new Page(
        status,
        title,
        List.of(Html.p(detail), Html.element("p").with("class", "next").saying(next)),
        List.of());
  }

  /// Returns the same page with forms that may lead to `source` too.
  public Page leadingTo(String source) {
    var more = new ArrayList<>(formTargets);
    more.add(source);
    return new Page(status, title, body, more);
  }

  /// Returns the page as an answer that no other site can frame, and that runs nothing.
  public Reply reply() {
    var targets = new StringBuilder("'self'");
    formTargets.forEach(source -> targets.append(' ').append(source));
    return Reply.text(status, "text/html; charset=utf-8", "<!doctype html>" + Html.write(html()))
        .with(
            "Content-Security-Policy",
            "default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'none';"
                + " form-action "
                + targets)
        .with("X-Frame-Options", "DENY")
        .with("X-Content-Type-Options", "nosniff")
        // Not `no-referrer`: browsers would then send forms without saying where they come from.
        .with("Referrer-Policy", "same-origin");
  }

  private Html html() {
    var brand = Html.element("p").with("class", "brand").saying("remit");
    var main = Html.element("main").holding(brand, Html.element("h1").saying(title)).holding(body);
    return Html.element("html")
        .with("lang", "en")
        .holding(
            Html.element("head")
                .holding(
                    Html.element("meta").with("charset", "utf-8"),
                    Html.element("meta")
                        .with("name", "viewport")
                        .with("content", "width=device-width, initial-scale=1"),
                    Html.element("title").saying(title + " · Remit"),
                    Html.element("link").with("rel", "stylesheet").with("href", STYLESHEET)),
            Html.element("body").holding(main));
  }
}
