package dev.remit.server.console;

import dev.remit.kernel.identity.Role;
import dev.remit.server.emergency.EmergencyRoutes;
import dev.remit.server.http.Access;
import dev.remit.server.http.FlowingHandler;
import dev.remit.server.http.Method;
import dev.remit.server.http.Operation;
import dev.remit.server.http.Reply;
import dev.remit.server.signin.Visits;
import dev.remit.server.tokens.Party;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/// The pages, each with who may open it: the same people who may ask for the same over the API.
///
/// Closing it ends the streams of the live view.
public final class Console implements AutoCloseable {
  private static final Set<Role> ALL = EnumSet.allOf(Role.class);
  private static final Set<Role> WHO_STOP = EnumSet.of(Role.OWNER, Role.SECURITY, Role.ADMIN);
  private static final Set<Role> WHO_ANSWER = EnumSet.complementOf(EnumSet.of(Role.AUDITOR));

  private final Visits visits;
  private final Tail tail;
  private final List<Operation> operations;

  /// @param visits knows who is signed in, and whose form it is
  public Console(Sources sources, Visits visits) {
    this.visits = visits;
    this.tail = new Tail(sources);
    var wishes = new Wishes(sources);
    var needs = new Needs(sources, wishes);
    var frame = new Frame(needs);
    var records = new RecentRecords(sources);
    var standings = new StandingForms(sources);
    var emergencies = new EmergencyPages(sources, frame);
    var overview = new Overview(sources, frame, needs, records, emergencies);
    var approvals = new ApprovalPages(sources, frame, needs, new HeldCallPage(sources));
    var activity = new ActivityPage(frame, records, tail);
    var decision = new DecisionPage(sources, frame);
    var task = new TaskPage(sources, frame);
    var workflows = new WorkflowPages(sources, frame, records, standings);
    var promotions = new PromotionPages(sources, wishes);
    var gate = new GatePage(sources, frame, promotions);
    var requests = new ApplyRequestPages(sources, frame, wishes);
    var exceptions = new ExceptionPages(sources, frame, wishes);
    var enforcement = new EnforcementPage(sources, frame, wishes);
    var account = new AccountPages(sources, frame);
    var identities = new IdentityPages(sources, frame, records, standings);
    var policies = new PolicyPage(sources, frame, records);
    var changes = new ChangePages(sources, frame, wishes);
    var evaluations = new EvaluationPages(sources, frame);
    var findings = new FindingPage(sources.findings(), frame);
    var ledger = new LedgerPages(sources, frame, records);
    this.operations =
        Stream.concat(
                Assets.operations().stream(),
                Stream.of(
                    page("", ALL, "Show what needs the person and what is true", overview::show),
                    page("/figures", ALL, "Say what the figures count", overview::figures),
                    page("/approvals", ALL, "List held calls", approvals::list),
                    page("/approvals/{id}", ALL, "Show one held call", approvals::show),
                    form("/approvals/{id}", WHO_ANSWER, "Answer a held call", approvals::answer),
                    form(
                        "/approvals/{id}/take-back",
                        WHO_ANSWER,
                        "Take back what was agreed to, with a reason",
                        approvals::takeBack),
                    page("/apply-requests", ALL, "List apply requests", requests::list),
                    page("/apply-requests/{id}", ALL, "Show one apply request", requests::show),
                    form(
                        "/apply-requests/{id}/answer",
                        ApplyRequestPages.MAY_ANSWER,
                        "Agree to somebody else's apply, which makes it, or decline it",
                        requests::answer),
                    page("/account", ALL, "Show the person's own account", account::show),
                    form("/account/away", ALL, "Say when one is away", account::away),
                    form("/account/back", ALL, "Say that one is not away", account::back),
                    form("/account/delegates", ALL, "Name who stands in", account::delegate),
                    form(
                        "/account/delegates/end",
                        ALL,
                        "Let somebody stand in no more",
                        account::endDelegate),
                    page("/enforcement", ALL, "Show whether policy is enforced", enforcement::show),
                    form(
                        "/enforcement",
                        Wishes.MAY_BREAK_GLASS,
                        "Ask for policy to be observed only",
                        enforcement::request),
                    form(
                        "/enforcement/end",
                        EnforcementPage.MAY_END,
                        "Enforce policy again at once, or take a wish back",
                        enforcement::end),
                    form(
                        "/enforcement/{id}/answer",
                        Wishes.MAY_BREAK_GLASS,
                        "Agree to somebody else's wish to observe only, or decline it",
                        enforcement::answer),
                    page("/exceptions", ALL, "List exceptions", exceptions::list),
                    form(
                        "/exceptions/{id}/answer",
                        Wishes.MAY_ACCEPT,
                        "Agree to somebody else's exception, or decline it",
                        exceptions::answer),
                    form(
                        "/exceptions/{id}/end",
                        ExceptionPages.MAY_END,
                        "End an exception, or take a wish back",
                        exceptions::end),
                    form(
                        "/promotions/{id}/answer",
                        Wishes.MAY_ACCEPT,
                        "Agree to somebody else's wish to promote, or decline it",
                        promotions::answer),
                    page(
                        "/suspensions",
                        ALL,
                        "List what is suspended",
                        visit -> standings.all(visit, frame)),
                    form(
                        "/suspensions/{kind}/{name}/resume",
                        WHO_STOP,
                        "Ask to let a person, resource, model or key go on",
                        standings::resume),
                    page("/activity", Frame.READ_DECISIONS, "List decisions", activity::show),
                    stream(
                        "/activity/stream",
                        Frame.READ_DECISIONS,
                        "Stream decisions as they are recorded",
                        call -> activity.stream(Visit.of(call, visits))),
                    page(
                        "/decisions/{id}",
                        Frame.READ_DECISIONS,
                        "Explain one decision and show its proof",
                        decision::show),
                    page(
                        "/tasks/{id}",
                        Frame.READ_DECISIONS,
                        "Show what a task's models were asked and proposed, and what was done",
                        task::show),
                    page("/workflows", ALL, "List workflows", workflows::list),
                    page("/workflows/{name}", ALL, "Show one workflow", workflows::show),
                    page(
                        "/workflows/{name}/gate",
                        ALL,
                        "Show what stands between a workflow and production",
                        gate::show),
                    form(
                        "/workflows/{name}/promote",
                        PromotionPages.MAY_ASK,
                        "Ask for a pilot to be promoted",
                        promotions::promote),
                    form(
                        "/workflows/{name}/demote",
                        PromotionPages.MAY_ASK,
                        "Make a workflow a pilot again, with a reason",
                        promotions::demote),
                    form(
                        "/workflows/{name}/exercise",
                        PromotionPages.MAY_EXERCISE,
                        "Try whether growing authority is noticed",
                        promotions::exercise),
                    form(
                        "/workflows/{name}/drill",
                        PromotionPages.MAY_DRILL,
                        "Rehearse a suspension",
                        promotions::drill),
                    form(
                        "/workflows/{name}/suspend",
                        WHO_STOP,
                        "Stop a workflow, with a reason",
                        visit -> standings.suspend(visit, Party.Kind.WORKFLOW)),
                    form(
                        "/workflows/{name}/resume",
                        WHO_STOP,
                        "Ask to let a workflow go on",
                        visit -> standings.resume(visit, Party.Kind.WORKFLOW)),
                    page("/identities", ALL, "List identities", identities::list),
                    page("/identities/{name}", ALL, "Show one identity", identities::show),
                    form(
                        "/identities/{name}/suspend",
                        WHO_STOP,
                        "Stop an identity, with a reason",
                        visit -> standings.suspend(visit, Party.Kind.IDENTITY)),
                    form(
                        "/identities/{name}/resume",
                        WHO_STOP,
                        "Ask to let an identity go on",
                        visit -> standings.resume(visit, Party.Kind.IDENTITY)),
                    form(
                        "/resumptions/{id}",
                        WHO_STOP,
                        "Agree to somebody else's wish to resume, or decline it",
                        standings::answer),
                    page("/emergencies", ALL, "Show where glass was broken", emergencies::show),
                    form(
                        "/emergencies",
                        sources.emergencies().config().roles(),
                        "Ask that some calls go on whatever policy says",
                        emergencies::request),
                    form(
                        "/emergencies/{id}",
                        WHO_ANSWER,
                        "Agree to an emergency, decline or end it",
                        emergencies::answer),
                    form(
                        "/emergencies/{id}/review",
                        EmergencyRoutes.REVIEWERS,
                        "Say afterwards whether an emergency was justified",
                        emergencies::review),
                    page("/policies", ALL, "Show the policies", policies::show),
                    page("/changes", ALL, "List changes of what decides identities", changes::list),
                    page(
                        "/changes/{id}",
                        ALL,
                        "Show one change: what differs, and what it could do",
                        changes::show),
                    form(
                        "/changes/{id}/answer",
                        ChangePages.MAY_ANSWER,
                        "Approve somebody else's change, or refuse it",
                        changes::answer),
                    form(
                        "/changes/{id}/suspend",
                        ChangePages.MAY_STOP,
                        "Stop what is in use at once, with a reason",
                        changes::suspend),
                    form(
                        "/changes/{id}/rollback",
                        ChangePages.MAY_STOP,
                        "Declare again what was approved before",
                        changes::rollback),
                    page("/evaluations", ALL, "List evaluations", evaluations::list),
                    page(
                        "/evaluations/{id}",
                        ALL,
                        "Show one evaluation, both versions side by side",
                        evaluations::show),
                    form(
                        "/evaluations/{id}/run",
                        EvaluationPages.MAY_RUN,
                        "Run what was planned, or run it on",
                        evaluations::run),
                    form(
                        "/evaluations/{id}/pause",
                        EvaluationPages.MAY_RUN,
                        "Let a run pause after the questions under way",
                        evaluations::pause),
                    page(
                        "/evaluations/{id}/label",
                        EvaluationPages.MAY_LABEL,
                        "Show the next case to label, without telling whose answer is whose",
                        evaluations::next),
                    form(
                        "/evaluations/{id}/label",
                        EvaluationPages.MAY_LABEL,
                        "Label a case",
                        evaluations::label),
                    page("/findings", ALL, "List findings", findings::list),
                    form(
                        "/findings/{id}/close",
                        FindingPage.MAY_CLOSE,
                        "Close a finding, with a reason",
                        findings::close),
                    form(
                        "/findings/{id}/exception",
                        ExceptionPages.MAY_ASK,
                        "Ask that a finding be accepted for a while",
                        exceptions::ask),
                    page("/ledger", Frame.READ_LEDGER, "List records", ledger::list),
                    page(
                        "/ledger/{log}/{index}",
                        Frame.READ_LEDGER,
                        "Show one record and its proof",
                        ledger::show)))
            .toList();
  }

  public List<Operation> operations() {
    return operations;
  }

  private Operation page(
      String path, Set<Role> anyOf, String summary, Function<Visit, Reply> shows) {
    return operation(Method.GET, path, anyOf, summary, shows);
  }

  private Operation form(
      String path, Set<Role> anyOf, String summary, Function<Visit, Reply> does) {
    return operation(Method.POST, path, anyOf, summary, does);
  }

  private Operation operation(
      Method method, String path, Set<Role> anyOf, String summary, Function<Visit, Reply> work) {
    return new Operation(
        method,
        "/console" + path,
        new Access.SignedIn(anyOf),
        summary,
        call -> work.apply(Visit.of(call, visits)));
  }

  private static Operation stream(
      String path, Set<Role> anyOf, String summary, FlowingHandler handler) {
    return Operation.flowing(
        Method.GET, "/console" + path, new Access.SignedIn(anyOf), summary, handler);
  }

  @Override
  public void close() {
    tail.close();
  }
}
