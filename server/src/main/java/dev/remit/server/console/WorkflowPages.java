package dev.remit.server.console;

import static dev.remit.server.page.Html.element;
import static dev.remit.server.page.Html.text;

import dev.remit.kernel.identity.PersonName;
import dev.remit.kernel.identity.Stage;
import dev.remit.kernel.identity.WorkflowName;
import dev.remit.server.drills.Drill;
import dev.remit.server.http.Problem;
import dev.remit.server.http.ProblemException;
import dev.remit.server.http.Reply;
import dev.remit.server.page.Html;
import dev.remit.server.page.Html.Element;
import dev.remit.server.registry.Identity;
import dev.remit.server.registry.Workflow;
import dev.remit.server.tokens.Party;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// All workflows, and one: what it is for, who answers for it, who works in it, what was decided.
final class WorkflowPages {
  private static final int IDENTITIES_SHOWN = 200;
  private static final int LINES_SHOWN = 15;

  private final Sources sources;
  private final Frame frame;
  private final RecentRecords records;
  private final StandingForms standings;

  WorkflowPages(Sources sources, Frame frame, RecentRecords records, StandingForms standings) {
    this.sources = sources;
    this.frame = frame;
    this.records = records;
    this.standings = standings;
  }

  Reply list(Visit visit) {
    var known = sources.registered().get();
    var risks = sources.risks().get();
    var listing = Listing.of(visit, known.workflows(), workflow -> workflow.name().value());
    var body = new ArrayList<Html>();
    body.add(listing.form("/console/workflows", "Name"));
    body.add(
        Parts.card(
            "Workflows",
            Parts.table(
                "Workflows",
                List.of("Workflow", "Purpose", "Stage", "Risk", "Answers for it"),
                listing.shown().stream()
                    .map(workflow ->
                        Parts.cells(
                            Parts.link(
                                Parts.workflow(workflow.name().value()), workflow.name().value()),
                            text(workflow.purpose()),
                            text(workflow.stage().word()),
                            text(risks.of(workflow.name()).riskClass().word()),
                            text(workflow.owner().value())))
                    .toList()),
            listing.pages("/console/workflows")));
    return frame.page(
        visit,
        Frame.Place.WORKFLOWS,
        "Workflows",
        "The business processes that AI workloads serve.",
        body);
  }

  Reply show(Visit visit) {
    var name = visit.call().param("name", WorkflowName::new);
    var workflow =
        sources
            .registered()
            .get()
            .workflow(name)
            .orElseThrow(() -> new ProblemException(Problem.notFound("workflow `" + name + "`")));
    var identities =
        sources.registered().get().identities().stream()
            .filter(one -> one.workflow().equals(name))
            .sorted(Comparator.comparing(Identity::name))
            .toList();
    var body = new ArrayList<Html>();
    body.add(facts(visit, workflow));
    body.add(
        standings.card(
            visit,
            Party.of(name),
            "every task of its "
                + (identities.size() == 1 ? "1 identity" : identities.size() + " identities")
                + ", their tokens, open calls, held calls and credentials of databases."));
    body.add(RiskCard.of(sources.risks().get().of(name)));
    body.add(
        Parts.card(
            "The way into production",
            Parts.link(
                Parts.workflow(name.value()) + "/gate",
                workflow.stage() == Stage.PRODUCTION
                    ? "Whether it still meets what production asks"
                    : "What stands between it and production")));
    body.add(identities(identities));
    body.add(drill(visit, sources.drills().lastFor(name)));
    if (visit.holdsAny(Frame.READ_DECISIONS)) {
      body.add(lines(visit, name));
    }
    return frame.page(visit, Frame.Place.WORKFLOWS, name.value(), workflow.purpose(), body);
  }

  private Element facts(Visit visit, Workflow workflow) {
    return Parts.card(
        "What it is",
        Parts.facts(
            Parts.Fact.of("Purpose", workflow.purpose()),
            Parts.Fact.of("Answers for it", person(workflow.owner())),
            Parts.Fact.of("Sponsor", workflow.sponsor().map(this::person).orElse("none declared")),
            Parts.Fact.of("When something goes wrong", workflow.escalation()),
            Parts.Fact.of(
                "Stage",
                text(workflow.stage().word()),
                text(
                    workflow
                        .pilotExpires()
                        .map(
                            at -> "; does nothing any more from " + Wording.moment(at, visit.now()))
                        .orElse(""))),
            Parts.Fact.of("Data classes", Wording.names(workflow.dataClasses())),
            Parts.Fact.of("Intents", Wording.names(workflow.intents())),
            Parts.Fact.of("Evidence is kept", Wording.span(workflow.retention()))));
  }

  private String person(PersonName name) {
    return sources
        .registered()
        .get()
        .person(name)
        .map(known ->
            known.displayName() + " (" + name + ")" + (known.active() ? "" : ", not here any more"))
        .orElse(name.value());
  }

  private static Element identities(List<Identity> identities) {
    var rows =
        identities.stream()
            .limit(IDENTITIES_SHOWN)
            .map(one ->
                Parts.cells(
                    Parts.link(Parts.identity(one.name().value()), one.name().value()),
                    text(one.identityKind().word()),
                    text(one.autonomy().word()),
                    text(one.model().map(Object::toString).orElse("none"))))
            .toList();
    var table = Parts.table("Identities", List.of("Identity", "Kind", "Autonomy", "Model"), rows);
    return identities.size() > rows.size()
        ? Parts.card(
            "Identities",
            table,
            Parts.soft("The first " + rows.size() + " of " + identities.size() + "."))
        : Parts.card("Identities", identities.isEmpty() ? Parts.soft("None.") : table);
  }

  private static Element drill(Visit visit, Optional<Drill> drill) {
    return Parts.card(
        "How access is taken away",
        drill
            .map(last ->
                Parts.sentence(
                    text("The drill of "),
                    Wording.when(last.at(), visit.now()),
                    text(" UTC: " + last.outcome().word() + ", target "),
                    text(Wording.span(last.target()) + ". "),
                    Parts.link(FigureCards.PATH + "#revoke", "What is measured")))
            .orElseGet(
                () -> Parts.soft("Not measured yet: no drill of this workflow has been run.")));
  }

  private Element lines(Visit visit, WorkflowName name) {
    var recent = records.get(visit.now());
    var lines =
        recent.lines().stream()
            .filter(line -> line.isDecision() && line.workflow().equals(name.value()))
            .limit(LINES_SHOWN)
            .toList();
    return Parts.card(
        "Decided last",
        lines.isEmpty()
            ? Parts.soft("Nothing, in " + recent.scope(visit.now()) + ".")
            : Lines.table("Decided last", lines, visit),
        element("p")
            .holding(
                Parts.link(
                    "/console/activity?workflow=" + Parts.encoded(name.value()),
                    "Its live activity")));
  }
}
