package dev.remit.server.console;

import static dev.remit.server.page.Html.text;

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
    body.add(
        Parts.card(
            "What it asks",
            Parts.table(
                "What the gate asks",
                List.of("Item", "", "What was found", "What to do next", "Rests on"),
                look.gate().items().stream().map(GatePage::row).toList())));
    return frame.page(
        visit,
        Frame.Place.WORKFLOWS,
        name + ": the gate to production",
        "Computed from the ledger and from what is declared, now; nothing can be uploaded or"
            + " ticked.",
        body);
  }

  private static List<Html> standing(Visit visit, WorkflowName name, Look look) {
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

  private static Element row(GateItem item) {
    return Parts.cells(
        text(item.item()),
        Parts.strong(item.verdict().word()),
        text(item.says()),
        text(item.next()),
        text(evidence(item.evidence())));
  }

  private static String evidence(List<String> all) {
    var shown = String.join(", ", all.stream().limit(EVIDENCE_SHOWN).toList());
    int more = all.size() - EVIDENCE_SHOWN;
    return more > 0 ? shown + " and " + more + " more" : shown;
  }
}
