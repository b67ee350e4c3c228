package dev.remit.server.console;

import static dev.remit.server.page.Html.element;
import static dev.remit.server.page.Html.text;

import dev.remit.server.page.Html.Element;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/// One page of many named things, those whose name holds what was asked for.
///
/// @param asked what the name must hold; empty for all
/// @param from number of the first that is shown
/// @param found how many there are altogether
record Listing<T>(String asked, int from, int found, List<T> shown) {
  private static final int PAGE = 100;

  Listing {
    shown = List.copyOf(shown);
  }

  static <T> Listing<T> of(Visit visit, Collection<T> all, Function<T, String> name) {
    var asked = visit.call().query("name").orElse("").strip().toLowerCase(Locale.ROOT);
    int from = Math.max(0, visit.call().query("from", Integer::parseInt).orElse(0));
    var found =
        all.stream()
            .filter(one -> name.apply(one).contains(asked))
            .sorted(Comparator.comparing(name))
            .toList();
    int begin = Math.min(from, found.size());
    return new Listing<>(
        asked, begin, found.size(), found.subList(begin, Math.min(begin + PAGE, found.size())));
  }

  Element form(String path, String label) {
    return element("form")
        .with("method", "get")
        .with("action", path)
        .with("class", "filter")
        .with("role", "search")
        .holding(
            Parts.field(label, ActivityPage.input("name", asked)),
            element("button").with("type", "submit").with("class", "btn").saying("Find"));
  }

  /// How many there are, and the way to those before and after.
  Element pages(String path) {
    var says =
        shown.isEmpty()
            ? "None"
            : Wording.count(from + 1L)
                + " to "
                + Wording.count((long) from + shown.size())
                + " of "
                + Wording.count(found);
    var line = element("p").with("class", "pages").holding(text(says + " "));
    if (from > 0) {
      line = line.holding(Parts.link(path(path, Math.max(0, from - PAGE)), "Earlier"), text(" "));
    }
    return from + shown.size() < found
        ? line.holding(Parts.link(path(path, from + PAGE), "Later"))
        : line;
  }

  private String path(String path, int to) {
    return path + "?name=" + Parts.encoded(asked) + "&from=" + to;
  }
}
