package dev.remit.server.console;

import static dev.remit.server.page.Html.element;
import static dev.remit.server.page.Html.text;

import dev.remit.kernel.identity.Stage;
import dev.remit.kernel.identity.WorkflowName;
import dev.remit.kernel.promotion.GateItem;
import dev.remit.server.http.Problem;
import dev.remit.server.http.ProblemException;
import dev.remit.server.http.Reply;
import dev.remit.server.page.Html;
import dev.remit.server.page.Html.Element;
import dev.remit.server.promotion.Promotions.Look;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What stands between one workflow and production, computed when the page is asked for: each item
/// with what it came to and what to do next. A page of its own, since it reads the evidence.
final class GatePage {
  private static final int EVIDENCE_SHOWN = 5;

  private final Sources sources;
  private final Frame frame;
  private final PromotionPages promotions;

  GatePage(Sources sources, Frame frame, PromotionPages promotions) {
    this.sources = sources;
    this.frame = frame;
    this.promotions = promotions;
  }

  Reply show(Visit visit) {
    var name = visit.call().param("name", WorkflowName::new);
    var look =
        sources
            .promotions()
            .look(name, visit.now())
            .orElseThrow(() -> new ProblemException(Problem.notFound("workflow `" + name + "`")));
    var body = new ArrayList<Html>();
    body.add(Parts.card("How it stands", standing(visit, name, look)));
    sources
        .registered()
        .get()
        .workflow(name)
        .ifPresent(workflow -> body.addAll(promotions.forms(visit, workflow, look)));
    // What is missing first, each in the order in which people are told.
    var items = look.gate().items();
    items(visit, "What is not met yet", items.stream().filter(item -> !item.isMet()).toList())
        .ifPresent(body::add);
    items(visit, "What is met", items.stream().filter(GateItem::isMet).toList())
        .ifPresent(body::add);
    return frame.page(
        visit,
        Frame.Place.WORKFLOWS,
        name + ": the gate to production",
        "Computed from the ledger and from what is declared, now; nothing can be uploaded or"
            + " ticked.",
        body);
  }

  private List<Html> standing(Visit visit, WorkflowName name, Look look) {
    var says = new ArrayList<Html>();
    int unmet = look.gate().unmet().size();
    int all = look.gate().items().size();
    says.add(
        Parts.sentence(
            Parts.strong(look.gate().isOpen() ? "Open" : "Shut"),
            text(
                look.gate().isOpen()
                    ? ": all " + all + " items are met."
                    : ": " + unmet + " of " + all + " items are not met.")));
    look.gate()
        .isSafe()
        .ifPresent(safe ->
            says.add(
                Html.p(
                    "What governs access is "
                        + met(look.gate().isGoverned())
                        + "; what shows that its models answer safely is "
                        + met(safe)
                        + ". Neither makes up for the other.")));
    sources
        .registered()
        .get()
        .workflow(name)
        .ifPresent(workflow -> says.add(Html.p("It is " + said(workflow.stage()) + " now.")));
    look.demotesAt()
        .ifPresent(at ->
            says.add(
                Parts.sentence(
                    text("A proof has decayed: back to a pilot "),
                    Wording.when(at, visit.now()),
                    text(" UTC, unless what is not met is mended before."))));
    says.add(Parts.link(Parts.workflow(name.value()), "The workflow"));
    return says;
  }

  private static String met(boolean is) {
    return is ? "met" : "not met";
  }

  private static String said(Stage stage) {
    return switch (stage) {
      case PILOT -> "a pilot";
      case PRODUCTION -> "in production";
      case RETIRED -> "retired";
    };
  }

  private static Optional<Element> items(Visit visit, String heading, List<GateItem> items) {
    if (items.isEmpty()) {
      return Optional.empty();
    }
    boolean met = items.getFirst().isMet();
    return Optional.of(
        Parts.card(
            heading,
            Parts.table(
                heading,
                met
                    ? List.of("Item", "Is", "What was found", "Rests on")
                    : List.of("Item", "Is", "What was found", "What to do next", "Rests on"),
                items.stream().map(item -> row(visit, item)).toList())));
  }

  private static Element row(Visit visit, GateItem item) {
    var name = Parts.span("name", item.item());
    var is = Parts.strong(item.verdict().word());
    var found = Parts.marked(item.says());
    return item.isMet()
        ? Parts.cells(name, is, found, evidence(visit, item.evidence()))
        : Parts.cells(name, is, found, Parts.marked(item.next()), evidence(visit, item.evidence()));
  }

  /// The newest records that it rests on, each a link for whoever may read them.
  private static Html evidence(Visit visit, List<String> all) {
    var parts = new ArrayList<Html>();
    for (var place : all.stream().limit(EVIDENCE_SHOWN).toList()) {
      parts.add(text(parts.isEmpty() ? "" : ", "));
      parts.add(record(visit, place));
    }
    int more = all.size() - EVIDENCE_SHOWN;
    parts.add(text(more > 0 ? " and " + Wording.count(more) + " more" : ""));
    return element("span").holding(parts);
  }

  private static Html record(Visit visit, String place) {
    int cut = place.lastIndexOf(':');
    boolean open =
        visit.holdsAny(Frame.READ_LEDGER)
            && cut > 0
            && place.substring(cut + 1).matches("[0-9]{1,18}");
    return open
        ? Parts.link(
            Parts.record(place.substring(0, cut), Long.parseLong(place.substring(cut + 1))), place)
        : text(place);
  }
}
