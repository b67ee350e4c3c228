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
  public static final String STYLESHEET = "/assets/remit.css";

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
    return reply(List.of());
  }

  /// The same, but it runs one script file of ours.
  public Reply replyRunning(String script) {
    return reply(List.of(script));
  }

  private Reply reply(List<String> scripts) {
    var brand = Html.element("p").with("class", "brand").saying("remit");
    var main = Html.element("main").holding(brand, Html.element("h1").saying(title)).holding(body);
    return new Document(
            status,
            title + " · Remit",
            List.of(STYLESHEET),
            scripts,
            formTargets,
            Html.element("body").holding(main))
        .reply();
  }
}
