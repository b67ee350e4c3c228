package dev.remit.server.console;

import static dev.remit.server.page.Html.text;

import dev.remit.kernel.change.Axis;
import dev.remit.kernel.identity.ChangeId;
import dev.remit.kernel.identity.EvaluationId;
import dev.remit.kernel.identity.GrantName;
import dev.remit.server.changes.Change;
import dev.remit.server.changes.Changes.Look;
import dev.remit.server.changes.Evaluation;
import dev.remit.server.evaluations.Progress;
import dev.remit.server.page.Html;
import dev.remit.server.page.Html.Element;
import dev.remit.server.registry.Model;
import dev.remit.server.registry.ModelTerms;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/// What was found out about one change, in the order in which somebody decides about it: what
/// differs, which axes that touches, what could be touched then, what was tested, what takes it
/// back by itself.
final class ChangeCards {
  private static final int ROWS_SHOWN = 200;
  private static final String WORST_ALONE =
      "Each axis stands alone; nothing here is weighed against anything else.";

  private final Sources sources;

  ChangeCards(Sources sources) {
    this.sources = sources;
  }

  List<Html> of(Visit visit, Look look) {
    var one = look.change();
    JsonNode found = MissingNode.getInstance();
    if (one.assessment().isPresent()) {
      found = one.assessment().get();
    }
    var cards = new ArrayList<Html>();
    cards.add(differences(one, found));
    cards.add(axes(found));
    cards.add(reach(one, found));
    cards.add(evaluations(visit, look));
    cards.add(criteria(one, found));
    cards.add(history(visit, one));
    return cards;
  }

  private static Element differences(Change one, JsonNode found) {
    var rows =
        rows(
            found.path("differences"),
            difference ->
                Parts.cells(
                    text(said(difference, "part").replace('-', ' ')),
                    Parts.code(said(difference, "item")),
                    text(said(difference, "direction")),
                    value(said(difference, "before")),
                    value(said(difference, "after"))));
    var inner = new ArrayList<Html>();
    inner.add(Parts.sentence(text("Fingerprint "), Parts.code(one.fingerprint().digest().value())));
    one.before()
        .ifPresent(before ->
            inner.add(
                Parts.sentence(
                    text("Compared with "),
                    Parts.link(ChangePages.path(before), "what was approved before"),
                    text("."))));
    inner.add(
        rows.isEmpty()
            ? Parts.soft(
                one.before().isPresent()
                    ? "Nothing that was declared differs; what was seen does: " + one.why()
                    : "There is nothing before it to compare with.")
            : Parts.table(
                "How the fingerprint differs", List.of("Part", "Which", "How", "Was", "Is"), rows));
    long more = found.path("differ").asLong(0) - rows.size();
    if (more > 0) {
      inner.add(Parts.soft("And " + Wording.count(more, "difference") + " more."));
    }
    return Parts.card("What differs", inner);
  }

  /// All four, touched or not, so that what is not touched is said, too.
  private static Element axes(JsonNode found) {
    var rows = new ArrayList<Element>();
    for (var axis : Axis.values()) {
      var points =
          found
              .path("points")
              .valueStream()
              .filter(point -> said(point, "axis").equals(axis.word()))
              .toList();
      if (points.isEmpty()) {
        rows.add(
            Parts.cells(
                text(ChangePages.spaced(axis)), text("not touched"), text(""), text(""), text("")));
      }
      for (var point : points) {
        rows.add(
            Parts.cells(
                text(ChangePages.spaced(axis)),
                Parts.strong("touched"),
                text(said(point, "says")),
                Parts.code(said(point, "trigger")),
                text(joined(point.path("rows")))));
      }
    }
    return Parts.card(
        "The four axes",
        Parts.soft(WORST_ALONE),
        Parts.table(
            "The four axes", List.of("Axis", "Is", "Why", "By the trigger", "Through"), rows));
  }

  private static Element reach(Change one, JsonNode found) {
    var access = found.path("access");
    var added = paths(access.path("new"));
    var all = paths(access.path("after"));
    var inner = new ArrayList<Html>();
    inner.add(
        Parts.soft(
            "Before it reached "
                + Wording.count(access.path("before").size(), "thing")
                + ", now it would reach "
                + Wording.count(access.path("after").size())
                + "."));
    inner.add(
        added.isEmpty()
            ? Html.p("It could touch nothing that it could not touch before.")
            : paths("What it could touch and could not before", added));
    if (!all.isEmpty()) {
      inner.add(Parts.fold("All that it could touch", paths("All that it could touch", all)));
    }
    if (!one.suspends().isEmpty()) {
      inner.add(
          Parts.sentence(
              text("Until it is approved these grants grant nothing: "),
              Parts.strong(
                  one.suspends().stream()
                      .map(GrantName::value)
                      .sorted()
                      .collect(Collectors.joining(", "))),
              text(".")));
    }
    return Parts.card("What the model could now touch", inner);
  }

  private static List<Element> paths(JsonNode paths) {
    return rows(
        paths,
        path ->
            Parts.cells(
                Parts.code(said(path, "thing")),
                text(joined(path.path("effects"))),
                text(joined(path.path("dataClasses"))),
                text(said(path, "environment")),
                text(said(path, "grant"))));
  }

  private static Element paths(String caption, List<Element> rows) {
    return Parts.table(
        caption, List.of("Thing", "Effects", "Data", "Environment", "By the grant"), rows);
  }

  private Element evaluations(Visit visit, Look look) {
    var one = look.change();
    var said = new HashMap<String, Evaluation>();
    look.evaluations().forEach(each -> said.put(each.suite(), each));
    var suites = new ArrayList<>(one.suites());
    said.keySet().stream().filter(name -> !suites.contains(name)).sorted().forEach(suites::add);
    if (suites.isEmpty()) {
      return Parts.card("Evaluations", Parts.soft("Its axes demand none, and none was made."));
    }
    var runs = runs(look);
    var rows =
        suites.stream()
            .map(suite ->
                row(
                    visit,
                    suite,
                    one.suites().contains(suite),
                    Optional.ofNullable(said.get(suite)),
                    runs))
            .toList();
    var inner = new ArrayList<Html>();
    inner.add(
        Parts.table(
            "Evaluations", List.of("Suite", "Asked for", "Verdict", "Run", "By", "At"), rows));
    runs.values().stream()
        .distinct()
        .sorted(Comparator.comparing(Progress::id))
        .forEach(run -> inner.add(plot(run, suites)));
    return Parts.card("Evaluations", inner);
  }

  private static Element row(
      Visit visit,
      String suite,
      boolean asked,
      Optional<Evaluation> said,
      Map<String, Progress> runs) {
    return Parts.cells(
        Parts.code(suite),
        text(asked ? "yes" : "no"),
        said.<Html>map(one -> Parts.strong(one.outcome().word()))
            .orElseGet(() -> text("not run yet")),
        said.map(one -> run(one, runs)).orElseGet(() -> text("")),
        text(said.map(one -> one.by().value()).orElse("")),
        said.<Html>map(one -> Wording.when(one.at(), visit.now())).orElseGet(() -> text("")));
  }

  /// A run that was made here is shown here; of one made elsewhere only where it is on record.
  private static Html run(Evaluation said, Map<String, Progress> runs) {
    var known = runs.get(said.run());
    return known == null
        ? text(said.run())
        : Parts.link(EvaluationPages.path(known.id()), said.run());
  }

  private Map<String, Progress> runs(Look look) {
    var runs = new HashMap<String, Progress>();
    for (var one : look.evaluations()) {
      id(one.run()).flatMap(sources.evaluations()::find).ifPresent(run -> runs.put(one.run(), run));
    }
    return runs;
  }

  private static Optional<EvaluationId> id(String run) {
    try {
      return Optional.of(new EvaluationId(run));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static Element plot(Progress run, List<String> suites) {
    var shown = run.results().stream().filter(one -> suites.contains(one.suite().name())).toList();
    return Parts.scrolling(
        "Both versions side by side, " + run.id(), VersionsPlot.of(run.plan(), shown));
  }

  private Element criteria(Change one, JsonNode found) {
    var terms =
        sources.registered().get().model(one.model()).map(Model::terms).orElse(ModelTerms.NONE);
    var rows =
        terms.rollback().stream()
            .map(each ->
                Parts.cells(
                    text(ChangePages.spaced(each.on())),
                    text("above " + Wording.percent(each.above(), 10_000) + " %"),
                    Parts.strong(each.act().word())))
            .toList();
    var inner = new ArrayList<Html>();
    inner.add(
        rows.isEmpty()
            ? Html.p(
                "None are declared with the model, so whatever is seen otherwise makes it suspect.")
            : Parts.table("Criteria of rollback", List.of("When", "By how much", "Then"), rows));
    inner.add(
        Parts.facts(
            Parts.Fact.of(
                "Going back aims at", Wording.span(sources.changes().config().rollbackWithin())),
            Parts.Fact.of("Fallback", terms.fallback().map(Object::toString).orElse("")),
            Parts.Fact.of(
                "Withdrawn by its provider",
                terms.withdrawsAt().map(Object::toString).orElse("not announced"))));
    var tighter = found.path("tighter");
    if (!tighter.isEmpty()) {
      inner.add(Parts.soft("What ought to be narrower now:"));
      inner.add(Parts.list(tighter.valueStream().map(each -> text(each.asString(""))).toList()));
    }
    return Parts.card("What takes it back by itself", inner);
  }

  private static Element history(Visit visit, Change one) {
    return Parts.card(
        "How it came here",
        Parts.facts(
            Parts.Fact.of("Change", Parts.code(one.id().value())),
            Parts.Fact.of(
                "Identity",
                Parts.link(Parts.identity(ChangePages.name(one)), one.identity().value())),
            Parts.Fact.of(
                "Workflow",
                Parts.link(Parts.workflow(one.workflow().value()), one.workflow().value())),
            Parts.Fact.of("Came to light", origin(one)),
            Parts.Fact.of("Opened", Wording.when(one.openedAt(), visit.now()), text(" UTC")),
            Parts.Fact.of("Classified as", one.kind().map(kind -> kind.word()).orElse("not yet")),
            Parts.Fact.of(
                "In this state since",
                Wording.when(one.movedAt(), visit.now()),
                text(" UTC: " + one.why())),
            Parts.Fact.of(
                "Approved by", one.approvedBy().map(Object::toString).orElse("nobody yet")),
            Parts.Fact.of(
                "Approval holds until",
                one.expiresAt()
                    .map(at -> Wording.moment(at, visit.now()) + " UTC")
                    .orElse("not approved")),
            Parts.Fact.of(
                "Before it", one.before().map(ChangeId::value).orElse("nothing: the first"))));
  }

  private static String origin(Change one) {
    return switch (one.origin()) {
      case APPLY -> "declared by " + one.requestedBy();
      case TOLD -> "told by " + one.requestedBy();
      case OBSERVED -> "seen by Remit";
    };
  }

  private static List<Element> rows(JsonNode all, Function<JsonNode, Element> row) {
    return all.valueStream().limit(ROWS_SHOWN).map(row).toList();
  }

  private static String said(JsonNode json, String member) {
    return json.path(member).asString("");
  }

  private static String joined(JsonNode words) {
    return words.valueStream().map(word -> word.asString("")).collect(Collectors.joining(", "));
  }

  private static Html value(String says) {
    return says.isEmpty() ? Parts.span("soft", "not there") : Parts.code(says);
  }
}
