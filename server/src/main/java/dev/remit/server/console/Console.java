package dev.remit.server.console;

import dev.remit.kernel.identity.Role;
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
    var needs = new Needs(sources);
    var frame = new Frame(needs);
    var records = new RecentRecords(sources);
    var standings = new StandingForms(sources);
    var overview = new Overview(sources, frame, needs, records);
    var approvals = new ApprovalPages(sources, frame, needs, new HeldCallPage(sources));
    var activity = new ActivityPage(frame, records, tail);
    var decision = new DecisionPage(sources, frame);
    var task = new TaskPage(sources, frame);
    var workflows = new WorkflowPages(sources, frame, records, standings);
    var gate = new GatePage(sources, frame);
    var identities = new IdentityPages(sources, frame, records, standings);
    var policies = new PolicyPage(sources, frame, records);
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
                    page("/policies", ALL, "Show the policies", policies::show),
                    page("/findings", ALL, "List findings", findings::list),
                    form(
                        "/findings/{id}/close",
                        FindingPage.MAY_CLOSE,
                        "Close a finding, with a reason",
                        findings::close),
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
