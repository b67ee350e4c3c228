package dev.remit.server.console;

import static dev.remit.server.page.Html.element;
import static dev.remit.server.page.Html.text;

import dev.remit.server.page.Html;
import dev.remit.server.page.Html.Element;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// The few pieces that all pages are put together from.
final class Parts {
  private Parts() {}

  static Element div(String kind, Html... inner) {
    return element("div").with("class", kind).holding(inner);
  }

  static Element span(String kind, String says) {
    return element("span").with("class", kind).saying(says);
  }

  static Element strong(String says) {
    return element("b").saying(says);
  }

  static Element code(String says) {
    return element("code").saying(says);
  }

  static Element soft(String says) {
    return element("p").with("class", "soft").saying(says);
  }

  /// Text in which commands and names stand between backticks, as those who read them type them.
  static Element marked(String says) {
    var whole = element("span");
    var pieces = says.split("`", -1);
    for (int i = 0; i < pieces.length; i++) {
      // An odd one out has no other end, and is a backtick.
      boolean isCode = i % 2 == 1 && i < pieces.length - 1;
      whole =
          isCode
              ? whole.holding(code(pieces[i]))
              : whole.saying(i % 2 == 1 ? "`" + pieces[i] : pieces[i]);
    }
    return whole;
  }

  static Element link(String path, String says) {
    return element("a").with("href", path).saying(says);
  }

  static Element button(String path, String says) {
    return element("a").with("class", "btn").with("href", path).saying(says);
  }

  /// A paragraph of text and links.
  static Element sentence(Html... inner) {
    return element("p").holding(inner);
  }

  static Element card(String heading, Html... inner) {
    return card(heading, List.of(inner));
  }

  static Element card(String heading, List<? extends Html> inner) {
    return element("section")
        .with("class", "card")
        .holding(element("h2").saying(heading))
        .holding(inner);
  }

  /// What a decision, or whatever else was recorded, came to. The four words have each a colour;
  /// the word carries the meaning.
  static Element pill(String word) {
    var kind =
        switch (word) {
          case "allow", "deny", "hold", "modify" -> word;
          default -> "kind";
        };
    return span("pill " + kind, word);
  }

  static Element list(List<? extends Html> items) {
    return element("ul").holding(items.stream().map(item -> element("li").holding(item)).toList());
  }

  /// Names with what they stand for.
  static Element facts(Fact... facts) {
    var rows = new ArrayList<Html>();
    for (var fact : facts) {
      rows.add(
          element("div")
              .holding(element("dt").saying(fact.name()), element("dd").holding(fact.value())));
    }
    return element("dl").holding(rows);
  }

  /// One line of [#facts].
  record Fact(String name, List<Html> value) {
    Fact {
      value = List.copyOf(value);
    }

    static Fact of(String name, Html... value) {
      return new Fact(name, List.of(value));
    }

    static Fact of(String name, String value) {
      return of(name, text(value.isEmpty() ? "none" : value));
    }
  }

  static Element cells(Html... cells) {
    var row = element("tr");
    for (var cell : cells) {
      row = row.holding(element("td").holding(cell));
    }
    return row;
  }

  /// A table that scrolls within itself where the window is narrow; by keyboard, too.
  static Element table(String caption, List<String> heads, List<Element> rows) {
    var head = element("tr");
    for (var name : heads) {
      head = head.holding(element("th").with("scope", "col").saying(name));
    }
    return scrolling(
        caption,
        element("table")
            .holding(
                element("caption").with("class", "unseen").saying(caption),
                element("thead").holding(head),
                element("tbody").holding(rows)));
  }

  static Element scrolling(String name, Html inner) {
    return div("scroll", inner)
        .with("tabindex", "0")
        .with("role", "region")
        .with("aria-label", name);
  }

  /// Text as somebody else wrote it, line by line.
  static Element quoted(String name, String says) {
    return element("pre")
        .with("tabindex", "0")
        .with("role", "region")
        .with("aria-label", name)
        .saying(says);
  }

  static Element field(String label, Element control) {
    return element("label").with("class", "field").holding(element("span").saying(label), control);
  }

  /// Where somebody says why.
  static Element reason(String label) {
    return field(
        label,
        element("textarea")
            .with("name", "reason")
            .with("rows", "2")
            .with("required", "required")
            .with("maxlength", Integer.toString(Visit.REASON_CHARS_MAX)));
  }

  /// Where somebody says for how long, as [Visit#lasts] reads it.
  static Element lasts(String label, int count, String unit) {
    var units = element("select").with("name", "unit").with("aria-label", label + ": the unit");
    for (var one : List.of("minutes", "hours", "days")) {
      var option = element("option").with("value", one).saying(one);
      units = units.holding(one.equals(unit) ? option.with("selected", "selected") : option);
    }
    return div(
        "span",
        field(
            label,
            element("input")
                .with("type", "number")
                .with("name", "count")
                .with("min", "1")
                .with("max", "10000")
                .with("required", "required")
                .with("value", Integer.toString(count))),
        units);
  }

  /// What somebody may do who wants to, out of the way of who reads.
  static Element fold(String summary, Html... inner) {
    return element("details").holding(element("summary").saying(summary)).holding(inner);
  }

  /// @param kind `primary`, `danger`, or nothing
  static Element submit(String kind, String name, String value, String says) {
    return element("button")
        .with("type", "submit")
        .with("class", ("btn " + kind).strip())
        .with("name", name)
        .with("value", value)
        .saying(says);
  }

  static Element notice(String says) {
    return element("p").with("class", "notice").with("role", "status").saying(says);
  }

  /// A name as a part of a path or query.
  static String encoded(String name) {
    return URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
  }

  static String identity(String name) {
    return "/console/identities/" + encoded(name);
  }

  static String workflow(String name) {
    return "/console/workflows/" + encoded(name);
  }

  static String approval(String id) {
    return "/console/approvals/" + encoded(id);
  }

  static String task(String id) {
    return "/console/tasks/" + encoded(id);
  }

  static String decision(String id) {
    return "/console/decisions/" + encoded(id);
  }

  static String record(String log, long index) {
    return "/console/ledger/" + encoded(log) + "/" + index;
  }
}
