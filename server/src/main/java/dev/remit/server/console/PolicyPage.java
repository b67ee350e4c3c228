package dev.remit.server.console;

import static dev.remit.server.page.Html.element;
import static dev.remit.server.page.Html.text;

import dev.remit.server.http.Reply;
import dev.remit.server.page.Html;
import dev.remit.server.page.Html.Element;
import dev.remit.server.registry.PolicyText;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;

/// The policies that decide, what they were tried on before they could, and what those in shadow
/// would change.
final class PolicyPage {
  private final Sources sources;
  private final Frame frame;
  private final RecentRecords records;

  PolicyPage(Sources sources, Frame frame, RecentRecords records) {
    this.sources = sources;
    this.frame = frame;
    this.records = records;
  }

  Reply show(Visit visit) {
    var recent = records.get(visit.now());
    var body = new ArrayList<Html>();
    body.add(active(visit));
    sources.registered().get().policies().stream()
        .sorted(Comparator.comparing(PolicyText::key))
        .forEach(policy -> body.add(card(policy, recent, visit.now())));
    return frame.page(
        visit,
        Frame.Place.POLICIES,
        "Policies",
        "Cedar text, versioned with everything that is declared. Deny is the default.",
        body);
  }

  private Element active(Visit visit) {
    var figures = sources.decisions().secondOpinions();
    var enforced = sources.enforcement().observing(visit.now()).isEmpty();
    return Parts.card(
        "The set that decides",
        Parts.facts(
            Parts.Fact.of(
                "Version", Parts.code(HeldCallPage.short12(sources.decisions().version().value()))),
            Parts.Fact.of("Engine", sources.decisions().engine().word()),
            Parts.Fact.of(
                "Enforced", enforced ? "yes" : "no: what it denies goes on for now, see Overview"),
            Parts.Fact.of(
                "Tried before it decided",
                sources
                    .gate()
                    .get()
                    .map(gate ->
                        "at "
                            + Wording.moment(gate.at(), visit.now())
                            + " UTC, two engines gave the same answers to "
                            + Wording.count(gate.generated())
                            + " requests made for it and to "
                            + Wording.count(gate.recorded())
                            + " decisions that were really made; "
                            + Wording.count(gate.incomparable())
                            + " could not be compared")
                    .orElse("not recorded for this set")),
            Parts.Fact.of(
                "Asked a second time",
                figures.every() == 0
                    ? "no: second opinions are off"
                    : Wording.count(figures.compared())
                        + " decisions since this node started, "
                        + Wording.count(figures.different())
                        + " of them different")),
        Parts.sentence(
            text("Switching it off in an emergency: "),
            Parts.link(EnforcementPage.PATH, "enforcement"),
            text(". What a change would decide otherwise, on decisions that were made: "),
            Parts.code("remit plan"),
            text(".")));
  }

  private static Element card(PolicyText policy, Recent recent, Instant now) {
    var inner = new ArrayList<Html>();
    if (!policy.description().isBlank()) {
      inner.add(Html.p(policy.description()));
    }
    if (policy.isShadow()) {
      long changed = recent.shadows().getOrDefault(policy.name().value(), 0L);
      inner.add(
          Parts.sentence(
              Parts.pill("shadow"),
              text(
                  " It is tried on each decision and changes none. Of "
                      + Wording.count(recent.decided(), "decision")
                      + " in "
                      + recent.scope(now)
                      + " it would have changed "
                      + Wording.count(changed)
                      + ". Which ones: "),
              Parts.code("remit shadow " + policy.name())));
    }
    inner.add(
        element("details")
            .holding(
                element("summary").saying("Its text"),
                Parts.quoted("The text of " + policy.name(), policy.cedar())));
    return Parts.card(policy.name().value(), inner);
  }
}
