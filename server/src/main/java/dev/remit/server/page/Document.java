package dev.remit.server.page;

import static dev.remit.server.page.Html.element;

import dev.remit.server.http.Reply;
import java.util.ArrayList;
import java.util.List;

/// A whole HTML document and what a browser is told about it: no other site may frame it, and
/// nothing runs in it but the script files it names, which are ours.
///
/// @param status of the answer
/// @param title of the window
/// @param styles paths of stylesheets
/// @param scripts paths of scripts; the page works without them
/// @param formTargets where its forms may lead besides this server, as sources of a policy
/// @param body what `body` holds
public record Document(
    int status,
    String title,
    List<String> styles,
    List<String> scripts,
    List<String> formTargets,
    Html.Element body) {

  public Document {
    styles = List.copyOf(styles);
    scripts = List.copyOf(scripts);
    formTargets = List.copyOf(formTargets);
  }

  public Reply reply() {
    return Reply.text(status, "text/html; charset=utf-8", "<!doctype html>" + Html.write(html()))
        .with("Content-Security-Policy", policy())
        .with("X-Frame-Options", "DENY")
        .with("X-Content-Type-Options", "nosniff")
        // Not `no-referrer`: browsers would then send forms without saying where they come from.
        .with("Referrer-Policy", "same-origin");
  }

  private String policy() {
    var runs =
        scripts.isEmpty()
            ? ""
            : " script-src 'self'; connect-src 'self'; require-trusted-types-for 'script';";
    var targets = formTargets.isEmpty() ? "" : " " + String.join(" ", formTargets);
    return "default-src 'none'; style-src 'self';"
        + runs
        + " base-uri 'none'; frame-ancestors 'none'; form-action 'self'"
        + targets;
  }

  private Html html() {
    var head = new ArrayList<Html>();
    head.add(element("meta").with("charset", "utf-8"));
    head.add(
        element("meta")
            .with("name", "viewport")
            .with("content", "width=device-width, initial-scale=1"));
    head.add(element("title").saying(title));
    styles.forEach(path -> head.add(element("link").with("rel", "stylesheet").with("href", path)));
    scripts.forEach(path -> head.add(element("script").with("defer", "defer").with("src", path)));
    return element("html").with("lang", "en").holding(element("head").holding(head), body);
  }
}
