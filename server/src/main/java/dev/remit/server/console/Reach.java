package dev.remit.server.console;

import static dev.remit.server.page.Html.element;
import static dev.remit.server.page.Html.text;

import dev.remit.kernel.identity.Effect;
import dev.remit.kernel.identity.Word;
import dev.remit.server.page.Html;
import dev.remit.server.page.Html.Element;
import dev.remit.server.registry.Grant;
import dev.remit.server.registry.Identity;
import dev.remit.server.registry.Registered;
import dev.remit.server.registry.Tool;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// What one identity reaches by its grants that hold, as a picture with its text beside it, and
/// what of that it has used. Policy and the task narrow it further on each call.
final class Reach {
  private static final int TOOLS_SHOWN = 200;
  private static final int BOX_HEIGHT = 34;
  private static final int ROW_HEIGHT = 44;
  private static final int RESOURCES_DRAWN = 12;

  private final Registered known;
  private final Identity identity;
  private final Recent recent;
  private final List<Grant> grants;

  Reach(Registered known, Identity identity, Recent recent) {
    this.known = known;
    this.identity = identity;
    this.recent = recent;
    this.grants =
        known.grants(identity.name()).stream().sorted(Comparator.comparing(Grant::name)).toList();
  }

  /// A resource as it is reached.
  private record Reached(String resource, int tools, Set<String> effects, Set<String> classes) {}

  List<Html> cards(Instant now) {
    var reached = reached(now);
    return List.of(
        Parts.card(
            "What it reaches",
            reached.isEmpty()
                ? Parts.soft("Nothing: no grant holds.")
                : Parts.div(
                    "reach",
                    Parts.scrolling("Picture of what it reaches", picture(reached)),
                    Parts.list(reached.stream().map(Reach::sentence).toList()))),
        granted(now));
  }

  private List<Reached> reached(Instant now) {
    var byResource = new TreeMap<String, List<Tool>>();
    var classes = new TreeMap<String, Set<String>>();
    for (var grant : grants) {
      if (!grant.isExpired(now) && grant.grantsUse()) {
        var resource = grant.resource().value();
        var tools = byResource.computeIfAbsent(resource, _ -> new ArrayList<>());
        known.tools(grant.resource()).stream()
            .filter(grant::names)
            .filter(tool -> !tools.contains(tool))
            .forEach(tools::add);
        classes.computeIfAbsent(resource, _ -> new TreeSet<>()).addAll(grant.dataClasses());
      }
    }
    return byResource.entrySet().stream()
        .map(one -> {
          var effects = new TreeSet<String>();
          one.getValue()
              .forEach(tool -> tool.effects().stream().map(Word::word).forEach(effects::add));
          return new Reached(
              one.getKey(),
              one.getValue().size(),
              effects,
              classes.getOrDefault(one.getKey(), Set.of()));
        })
        .toList();
  }

  private static Html sentence(Reached one) {
    return Parts.span(
        "",
        one.resource()
            + ": "
            + Wording.count(one.tools(), "tool")
            + (one.effects().isEmpty() ? "" : " (" + String.join(", ", one.effects()) + ")")
            + "; data: "
            + (one.classes().isEmpty() ? "none declared" : String.join(", ", one.classes())));
  }

  /// Boxes and lines; what can destroy is drawn with a heavier line and says so.
  private Element picture(List<Reached> all) {
    var drawn = all.subList(0, Math.min(RESOURCES_DRAWN, all.size()));
    int height = drawn.size() * ROW_HEIGHT + 8;
    int middle = height / 2;
    var picture =
        element("svg")
            .with("class", "picture")
            .with("viewbox", "0 0 720 " + height)
            .with("width", "720")
            .with("height", Integer.toString(height))
            .with("role", "img")
            .with(
                "aria-label",
                identity.name() + " reaches " + Wording.count(all.size(), "resource"));
    picture = box(picture, 4, middle - BOX_HEIGHT / 2, identity.name().value(), "self");
    int row = 0;
    for (var one : drawn) {
      int y = row++ * ROW_HEIGHT + 4;
      boolean destroys = one.effects().contains(Effect.DESTRUCTIVE.word());
      picture =
          picture.holding(
              element("path")
                  .with("class", destroys ? "line heavy" : "line")
                  .with(
                      "d",
                      "M204 %d C270 %d 270 %d 330 %d"
                          .formatted(middle, middle, y + BOX_HEIGHT / 2, y + BOX_HEIGHT / 2)));
      picture = box(picture, 330, y, one.resource(), destroys ? "destroys" : "other");
      picture =
          picture.holding(
              element("text")
                  .with("x", "540")
                  .with("y", Integer.toString(y + BOX_HEIGHT / 2 + 5))
                  .saying(Wording.count(one.tools(), "tool") + (destroys ? ", destructive" : "")));
    }
    return picture;
  }

  private static Element box(Element picture, int x, int y, String says, String kind) {
    var shown = says.length() <= 24 ? says : says.substring(0, 23) + "…";
    return picture.holding(
        element("rect")
            .with("class", "box " + kind)
            .with("x", Integer.toString(x))
            .with("y", Integer.toString(y))
            .with("rx", "6")
            .with("width", "200")
            .with("height", Integer.toString(BOX_HEIGHT)),
        element("text")
            .with("x", Integer.toString(x + 12))
            .with("y", Integer.toString(y + BOX_HEIGHT / 2 + 5))
            .saying(shown));
  }

  /// Each tool that is granted, and whether it was asked for.
  private Element granted(Instant now) {
    var rows = new ArrayList<Element>();
    long unused = 0;
    for (var grant : grants) {
      for (var tool : known.tools(grant.resource())) {
        if (grant.names(tool)) {
          var use = use(tool);
          unused += use.isEmpty() && !grant.isExpired(now) ? 1 : 0;
          if (rows.size() < TOOLS_SHOWN) {
            rows.add(row(grant, tool, use, now));
          }
        }
      }
      rest(grant, now).ifPresent(rows::add);
    }
    return Parts.card(
        "Granted against used",
        Parts.soft(
            grants.isEmpty()
                ? "It has no grant."
                : Wording.count(unused, "granted tool")
                    + " not asked for in "
                    + recent.scope(now)
                    + ". A grant may be younger or its use older than that."),
        rows.isEmpty()
            ? text("")
            : Parts.table(
                "Granted against used",
                List.of("Granted", "Effects", "Data", "Asked for", "Grant", "Approved by", "Until"),
                rows));
  }

  private Optional<Recent.Use> use(Tool tool) {
    return Optional.ofNullable(
        recent.uses().get(Recent.use(identity.spiffeId().value(), tool.name().toString())));
  }

  private static Element row(Grant grant, Tool tool, Optional<Recent.Use> use, Instant now) {
    return Parts.cells(
        Parts.code(tool.name().toString()),
        text(Wording.words(tool.effects())),
        text(Wording.names(tool.dataClasses())),
        use.<Html>map(one ->
                text(
                    Wording.count(one.count(), "time")
                        + ", last "
                        + Wording.moment(one.last(), now)))
            .orElseGet(() -> Parts.strong("not asked for")),
        text(grant.name().value()),
        text(grant.approvedBy().value()),
        text(grant.isExpired(now) ? "expired" : Wording.moment(grant.expiresAt(), now)));
  }

  /// What a grant lets it have beside tools; of its use no count is kept here.
  private static Optional<Element> rest(Grant grant, Instant now) {
    var says = new ArrayList<String>();
    if (!grant.models().isEmpty()) {
      says.add("models " + Wording.names(grant.models()));
    }
    if (!grant.prompts().isEmpty()) {
      says.add("prompts " + Wording.names(grant.prompts()));
    }
    if (!grant.reads().isEmpty()) {
      says.add(Wording.count(grant.reads().size(), "pattern") + " of URIs to read");
    }
    if (!grant.profiles().isEmpty()) {
      says.add("credentials " + Wording.names(grant.profiles()));
    }
    if (!grant.asks().isEmpty()) {
      says.add("asks for decisions about " + Wording.names(grant.asks()));
    }
    return says.isEmpty()
        ? Optional.empty()
        : Optional.of(
            Parts.cells(
                text(grant.resource() + ": " + String.join("; ", says)),
                text(""),
                text(Wording.names(grant.dataClasses())),
                text("not counted"),
                text(grant.name().value()),
                text(grant.approvedBy().value()),
                text(grant.isExpired(now) ? "expired" : Wording.moment(grant.expiresAt(), now))));
  }
}
