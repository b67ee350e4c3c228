package dev.remit.server.console;

import static dev.remit.server.page.Html.text;

import dev.remit.kernel.identity.IdentityName;
import dev.remit.server.http.Problem;
import dev.remit.server.http.ProblemException;
import dev.remit.server.http.Reply;
import dev.remit.server.lending.Lent;
import dev.remit.server.page.Html;
import dev.remit.server.page.Html.Element;
import dev.remit.server.registry.Identity;
import dev.remit.server.registry.Model;
import dev.remit.server.registry.Workflow;
import dev.remit.server.tokens.Party;
import dev.remit.server.tokens.Task;
import dev.remit.server.tokens.TaskQuery;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// All identities, and one: who answers for it, what it reaches, what of that it uses, what it has
/// been lent, what it did, and stopping it.
final class IdentityPages {
  private static final int TASKS_MAX = 200;
  private static final int CREDENTIALS_SHOWN = 20;
  private static final int LINES_SHOWN = 25;

  private final Sources sources;
  private final Frame frame;
  private final RecentRecords records;
  private final StandingForms standings;

  IdentityPages(Sources sources, Frame frame, RecentRecords records, StandingForms standings) {
    this.sources = sources;
    this.frame = frame;
    this.records = records;
    this.standings = standings;
  }

  Reply list(Visit visit) {
    var known = sources.registered().get();
    var listing = Listing.of(visit, known.identities(), identity -> identity.name().value());
    var standing = sources.authorization().standings();
    var body = new ArrayList<Html>();
    body.add(listing.form("/console/identities", "Name"));
    body.add(
        Parts.card(
            "Identities",
            Parts.table(
                "Identities",
                List.of("Identity", "Workflow", "Kind", "Autonomy", "Standing"),
                listing.shown().stream()
                    .map(one ->
                        Parts.cells(
                            Parts.link(Parts.identity(one.name().value()), one.name().value()),
                            Parts.link(
                                Parts.workflow(one.workflow().value()), one.workflow().value()),
                            text(one.identityKind().word()),
                            text(one.autonomy().word()),
                            text(
                                standing.isSuspended(Party.of(one.name()))
                                    ? "suspended"
                                    : "active")))
                    .toList()),
            listing.pages("/console/identities")));
    return frame.page(
        visit,
        Frame.Place.IDENTITIES,
        "Identities",
        "One for each workload, and each bound to one workflow.",
        body);
  }

  Reply show(Visit visit) {
    var name = visit.call().param("name", IdentityName::new);
    var identity =
        sources
            .registered()
            .get()
            .identity(name)
            .orElseThrow(() -> new ProblemException(Problem.notFound("identity `" + name + "`")));
    var tasks =
        sources
            .authorization()
            .tasks()
            .list(
                new TaskQuery(
                    true, Optional.of(name), Optional.empty(), Optional.empty(), TASKS_MAX),
                visit.now());
    var lent = sources.lending().of(name, CREDENTIALS_SHOWN);
    var body = new ArrayList<Html>();
    body.add(facts(identity));
    body.add(standings.card(visit, Party.of(name), stops(tasks, lent)));
    body.add(RiskCard.of(sources.risks().get().of(name)));
    var reach = new Reach(sources.registered().get(), identity, records.get(visit.now()));
    body.addAll(reach.cards(visit.now()));
    body.add(tasks(visit, tasks));
    body.add(credentials(visit, lent));
    if (visit.holdsAny(Frame.READ_DECISIONS)) {
      body.add(timeline(visit, identity));
    }
    return frame.page(
        visit,
        Frame.Place.IDENTITIES,
        name.value(),
        identity.identityKind().word()
            + " of "
            + identity.workflow()
            + ", "
            + identity.autonomy().word(),
        body);
  }

  private Element facts(Identity identity) {
    var known = sources.registered().get();
    var workflow = known.workflow(identity.workflow());
    return Parts.card(
        "Who it is",
        Parts.facts(
            Parts.Fact.of("SPIFFE ID", Parts.code(identity.spiffeId().value())),
            Parts.Fact.of(
                "Workflow",
                Parts.link(
                    Parts.workflow(identity.workflow().value()), identity.workflow().value()),
                text(workflow.map(Workflow::purpose).map(why -> ": " + why).orElse(""))),
            Parts.Fact.of(
                "Answers for it",
                workflow.map(one -> one.owner().value()).orElse("nobody that is declared")),
            Parts.Fact.of(
                "When something goes wrong",
                workflow.map(Workflow::escalation).orElse("nobody that is declared")),
            Parts.Fact.of("Kind", identity.identityKind().word()),
            Parts.Fact.of("Autonomy", identity.autonomy().word()),
            Parts.Fact.of("Model", identity.model().map(this::model).orElse("none declared")),
            Parts.Fact.of(
                "May hand parts of a task to",
                Wording.names(identity.delegatesTo().stream().map(IdentityName::value).toList()))));
  }

  private String model(dev.remit.kernel.identity.ModelName name) {
    return sources
        .registered()
        .get()
        .model(name)
        .map(Model::lifecycle)
        .map(stage -> name + " (" + stage.word() + ")")
        .orElse(name.value());
  }

  private static String stops(List<Task> tasks, List<Lent> lent) {
    long alive = lent.stream().filter(one -> one.state() != Lent.State.REVOKED).count();
    return (tasks.size() >= TASKS_MAX ? "at least " : "")
        + Wording.count(tasks.size(), "task")
        + " at work with all their tokens, "
        + Wording.count(alive, "credential")
        + " of databases, every open call and every held call of it.";
  }

  private static Element tasks(Visit visit, List<Task> tasks) {
    return Parts.card(
        "At work now",
        tasks.isEmpty()
            ? Parts.soft("No task is open.")
            : Parts.table(
                "Tasks at work",
                List.of("Task", "Intent", "Started", "Ends", "For"),
                tasks.stream()
                    .limit(CREDENTIALS_SHOWN)
                    .map(task ->
                        Parts.cells(
                            visit.holdsAny(Frame.READ_DECISIONS)
                                ? Parts.link(Parts.task(task.id().value()), task.id().value())
                                : Parts.code(task.id().value()),
                            text(task.intent()),
                            Wording.when(task.startedAt(), visit.now()),
                            Wording.when(task.scope().expiresAt(), visit.now()),
                            text(task.person().map(Object::toString).orElse("its workflow"))))
                    .toList()));
  }

  private static Element credentials(Visit visit, List<Lent> lent) {
    return Parts.card(
        "Credentials of databases",
        lent.isEmpty()
            ? Parts.soft("None was ever made for it.")
            : Parts.table(
                "Credentials of databases, newest first",
                List.of("At", "Database", "Profile", "State", "Lived"),
                lent.stream()
                    .map(one ->
                        Parts.cells(
                            Wording.when(one.intendedAt(), visit.now()),
                            text(one.resource().value()),
                            text(one.profile()),
                            text(one.state().name().toLowerCase(Locale.ROOT)),
                            text(lived(one, visit))))
                    .toList()));
  }

  private static String lived(Lent one, Visit visit) {
    return one.activeAt()
        .map(from ->
            Wording.span(java.time.Duration.between(from, one.endedAt().orElse(visit.now()))))
        .orElse("never");
  }

  /// Whatever is on record about it, among the newest records.
  private Element timeline(Visit visit, Identity identity) {
    var recent = records.get(visit.now());
    var spiffeId = identity.spiffeId().value();
    var party = Party.of(identity.name()).toString();
    var lines =
        recent.lines().stream()
            .filter(line -> line.identity().equals(spiffeId) || line.what().equals(party))
            .limit(LINES_SHOWN)
            .toList();
    return Parts.card(
        "Timeline",
        lines.isEmpty()
            ? Parts.soft("Nothing, in " + recent.scope(visit.now()) + ".")
            : Lines.table("Timeline, newest first", lines, visit),
        Parts.sentence(
            Parts.link(
                "/console/activity?identity=" + Parts.encoded(identity.name().value()),
                "Its live activity")));
  }
}
