package dev.remit.server.console;

import static dev.remit.server.page.Html.element;
import static dev.remit.server.page.Html.text;

import dev.remit.kernel.ledger.EntryType;
import dev.remit.server.approvals.Approval;
import dev.remit.server.enforcement.Observation;
import dev.remit.server.findings.Finding;
import dev.remit.server.http.Reply;
import dev.remit.server.page.Html;
import dev.remit.server.page.Html.Element;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// The first page: what needs the person, what is true now, what has happened.
final class Overview {
  private static final int NEEDS_SHOWN = 8;
  private static final int HISTORY_SHOWN = 12;

  /// What people did, and what was found; calls have a page of their own.
  private static final Set<EntryType> HISTORY =
      EnumSet.of(
          EntryType.APPROVAL_SETTLED,
          EntryType.STANDING_CHANGED,
          EntryType.RESUMPTION_REQUESTED,
          EntryType.CONTROL_MEASURED,
          EntryType.DRILL_FINISHED,
          EntryType.FINDING_RAISED,
          EntryType.FINDING_CLOSED,
          EntryType.REGISTRY_CHANGED,
          EntryType.POLICY_ACTIVATED,
          EntryType.ENFORCEMENT_REQUESTED,
          EntryType.ENFORCEMENT_CHANGED,
          EntryType.EMERGENCY_REQUESTED,
          EntryType.EMERGENCY_SETTLED,
          EntryType.EMERGENCY_USED,
          EntryType.EMERGENCY_ENDED,
          EntryType.EMERGENCY_REVIEWED,
          EntryType.SIGNAL_RECEIVED,
          EntryType.EVIDENCE_ERASED,
          EntryType.KEY_REVOKED);

  private final Sources sources;
  private final Frame frame;
  private final Needs needs;
  private final RecentRecords records;
  private final EmergencyPages emergencies;

  Overview(
      Sources sources,
      Frame frame,
      Needs needs,
      RecentRecords records,
      EmergencyPages emergencies) {
    this.sources = sources;
    this.frame = frame;
    this.needs = needs;
    this.records = records;
    this.emergencies = emergencies;
  }

  Reply show(Visit visit) {
    var recent = records.get(visit.now());
    var body = new ArrayList<Html>();
    observed(visit).ifPresent(body::add);
    emergencies.notice(visit).ifPresent(body::add);
    body.add(needs(visit, needs.of(visit)));
    body.add(element("h2").with("class", "part").saying("True now"));
    body.add(
        Parts.soft(
            "Of "
                + recent.scope(visit.now())
                + "; counted at "
                + Wording.moment(recent.at(), visit.now())
                + " UTC."));
    body.add(cards(visit, recent).cards());
    suspended(visit).ifPresent(body::add);
    body.add(history(visit, recent));
    return frame.page(visit, Frame.Place.OVERVIEW, "Overview", lede(visit), body);
  }

  Reply figures(Visit visit) {
    return frame.page(
        visit,
        Frame.Place.OVERVIEW,
        "What the figures count",
        "Each is computed from the ledger and from controls that really ran.",
        cards(visit, records.get(visit.now())).explained());
  }

  private FigureCards cards(Visit visit, Recent recent) {
    return new FigureCards(
        recent, sources.drills().list(Optional.empty()).stream().findFirst(), visit.now());
  }

  private String lede(Visit visit) {
    var known = sources.registered().get();
    var enforced = sources.enforcement().observing(visit.now()).isEmpty();
    return Wording.count(known.workflows().size(), "workflow")
        + ", "
        + (known.identities().size() == 1
            ? "1 identity"
            : Wording.count(known.identities().size()) + " identities")
        + ", "
        + Wording.count(known.models().size(), "model")
        + ". "
        + (enforced ? "Policy is enforced." : "Policy is not enforced.");
  }

  /// Loud while policy is only observed.
  private Optional<Element> observed(Visit visit) {
    return sources
        .enforcement()
        .current(visit.now())
        .filter(_ -> sources.enforcement().observing(visit.now()).isPresent())
        .map(one ->
            Parts.notice(
                "Policy is only observed"
                    + until(one, visit)
                    + ": what it denies, holds or narrows goes on unchanged. Two people agreed to"
                    + " it; see «Enforcement», where one person ends it."));
  }

  private static String until(Observation one, Visit visit) {
    return one.expiresAt()
        .map(at -> " until " + Wording.moment(at, visit.now()) + " UTC")
        .orElse("");
  }

  private static Element needs(Visit visit, Needs.Waiting waiting) {
    var rows = new ArrayList<Element>();
    waiting.approvals().forEach(one -> rows.add(held(visit, one)));
    waiting.wishesOfMine().forEach(one -> rows.add(wish(one)));
    waiting.findings().forEach(one -> rows.add(found(one)));
    var inner = new ArrayList<Html>();
    if (rows.isEmpty()) {
      inner.add(Parts.soft("Nothing waits for you."));
    } else {
      inner.add(
          element("ul").with("class", "rows").holding(rows.stream().limit(NEEDS_SHOWN).toList()));
    }
    if (rows.size() > NEEDS_SHOWN) {
      inner.add(
          Parts.sentence(
              text("And " + Wording.count(rows.size() - NEEDS_SHOWN) + " more, in "),
              Parts.link("/console/approvals", "approvals"),
              text(" and "),
              Parts.link("/console/findings", "findings"),
              text(".")));
    }
    if (waiting.others() > 0) {
      inner.add(
          Parts.sentence(
              text(
                  Wording.count(waiting.others(), "held call")
                      + " "
                      + (waiting.others() == 1 ? "waits" : "wait")
                      + " for somebody else. "),
              Parts.link("/console/approvals", "See why")));
    }
    return Parts.card("Needs you", inner);
  }

  private static Element held(Visit visit, Approval approval) {
    var binding = approval.binding();
    return row(
        "hold",
        Parts.sentence(
            Parts.strong(binding.identity().value()),
            text(" wants "),
            Parts.strong(binding.wanted().item()),
            text(" for «" + binding.intent() + "»")),
        "asked at "
            + Wording.moment(approval.openedAt(), visit.now())
            + ", lapses at "
            + Wording.moment(approval.lapsesAt(), visit.now()),
        Parts.button(Parts.approval(approval.id().value()), "Review"));
  }

  private static Element wish(Wish wish) {
    return row(
        wish.kind(),
        Parts.sentence(Parts.strong(wish.by().value()), text(" asks " + wish.says())),
        wish.because(),
        Parts.button(wish.path(), "Review"));
  }

  private static Element found(Finding finding) {
    return row(
        finding.severity().word(),
        Parts.sentence(text(finding.summary())),
        finding.remedy(),
        Parts.button("/console/findings#" + FindingPage.anchor(finding), "Open"));
  }

  private static Element row(String kind, Html says, String more, Html act) {
    return element("li").holding(Parts.pill(kind), Parts.div("says", says, Parts.soft(more)), act);
  }

  private Optional<Element> suspended(Visit visit) {
    var suspended = sources.authorization().standings().suspended();
    return suspended.isEmpty()
        ? Optional.empty()
        : Optional.of(
            Parts.card(
                "Suspended now",
                Parts.table(
                    "Suspended now",
                    List.of("Who", "Why", "By", "Since"),
                    suspended.stream()
                        .limit(50)
                        .map(one ->
                            Parts.cells(
                                Parts.link(StandingForms.page(one.party()), one.party().toString()),
                                text(one.reason()),
                                text(one.by()),
                                Wording.when(one.since(), visit.now())))
                        .toList())));
  }

  private static Element history(Visit visit, Recent recent) {
    var lines =
        recent.lines().stream()
            .filter(line -> HISTORY.contains(line.type()))
            .limit(HISTORY_SHOWN)
            .toList();
    return Parts.card(
        "What has happened",
        lines.isEmpty()
            ? Parts.soft("Nothing, in " + recent.scope(visit.now()) + ".")
            : Lines.table("What has happened", lines, visit));
  }
}
