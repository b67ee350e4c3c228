package dev.remit.server.evidence;

import dev.remit.kernel.evidence.Scope;
import dev.remit.kernel.identity.Role;
import dev.remit.server.http.Access;
import dev.remit.server.http.Call;
import dev.remit.server.http.Caller;
import dev.remit.server.http.Method;
import dev.remit.server.http.Operation;
import dev.remit.server.http.Problem;
import dev.remit.server.http.ProblemException;
import dev.remit.server.http.Reply;
import dev.remit.server.ledger.Ledger;
import dev.remit.server.ledger.NodeLogs;
import dev.remit.server.registry.Registry;
import dev.remit.server.tokens.Tasks;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// Evidence bundles over HTTP.
public final class EvidenceRoutes {
  private static final Set<Role> MAY_OPEN = Set.of(Role.AUDITOR, Role.SECURITY);

  private final EvidenceExport export;

  /// @param logs of all nodes
  /// @param catchUp waits until the root log has seen what is recorded
  public EvidenceRoutes(
      NodeLogs logs,
      Runnable catchUp,
      Ledger ledger,
      Registry registry,
      Tasks tasks,
      EvidenceLimits limits) {
    this.export = new EvidenceExport(new SeenLogs(logs, catchUp), ledger, registry, tasks, limits);
  }

  public List<Operation> operations() {
    return List.of(
        new Operation(
            Method.GET,
            "/v1/evidence",
            Access.people(Role.AUDITOR, Role.SECURITY, Role.ADMIN),
            "Make an evidence bundle (zip) of one workflow, identity or task:"
                + " ?workflow=|identity=|task=, from, to, bodies=opened|withheld, size",
            this::bundle));
  }

  private Reply bundle(Call call) {
    if (!(call.caller() instanceof Caller.PersonCaller(var name, var roles))) {
      throw new IllegalStateException("the edge let somebody through who is no person");
    }
    var question = question(call);
    if (question.opened() && roles.stream().noneMatch(MAY_OPEN::contains)) {
      return Reply.problem(
          new Problem(
              403,
              "forbidden",
              "what agents sent is opened for auditors and security only",
              "leave out bodies=opened, or ask one of them"));
    }
    return switch (export.make(question, name, call.at())) {
      case EvidenceExport.Made.Ready(var zip, var file, var digest) ->
          Reply.bytes("application/zip", zip)
              .with("Content-Disposition", "attachment; filename=\"" + file + "\"")
              .with("Remit-Digest", digest.value());
      case EvidenceExport.Made.NothingOfThatName() ->
          Reply.problem(
              Problem.notFound(question.kind().word() + " `" + question.name() + "`, now or ever"));
      case EvidenceExport.Made.NoPeriod(var why) ->
          Reply.problem(Problem.badRequest("the period is empty: " + why, "correct from or to"));
      case EvidenceExport.Made.TooMuch(var limits) ->
          Reply.problem(
              new Problem(
                  413,
                  "too-large",
                  "the period holds more than "
                      + limits.entriesMax()
                      + " entries or "
                      + limits.bodyBytesMax()
                      + " bytes of opened bodies",
                  "ask for shorter periods, a bundle each"));
      case EvidenceExport.Made.NoRootLog() ->
          Reply.problem(
              new Problem(
                  503,
                  "no-root-log",
                  "no node keeps the root log yet, under which evidence is proved",
                  "ask again in a moment; if it stays so, look at the server's log"));
      case EvidenceExport.Made.NoCheckpoint(var size) ->
          Reply.problem(
              new Problem(
                  404,
                  "not-found",
                  "no signed checkpoint of "
                      + size
                      + " entries of the root log was kept, or not all that it had seen by then",
                  "leave out size, or take one of GET /v1/logs/root/checkpoints"));
    };
  }

  private static EvidenceQuestion question(Call call) {
    var subject = subject(call);
    return new EvidenceQuestion(
        subject.kind(),
        subject.name(),
        call.query("from", EvidenceRoutes::moment),
        call.query("to", EvidenceRoutes::moment),
        call.query("bodies", EvidenceRoutes::isOpened).orElse(false),
        call.query("size", Long::parseLong));
  }

  private record Subject(Scope.Kind kind, String name) {}

  private static Subject subject(Call call) {
    var named = new ArrayList<Subject>();
    for (var kind : Scope.Kind.values()) {
      call.query(kind.word()).ifPresent(name -> named.add(new Subject(kind, name)));
    }
    if (named.size() != 1) {
      throw new ProblemException(
          Problem.badRequest(
              "a bundle is about one thing", "name a workflow, an identity or a task"));
    }
    return named.getFirst();
  }

  /// A day means its first moment, in UTC.
  private static Instant moment(String text) {
    return text.length() == "2026-11-21".length()
        ? LocalDate.parse(text).atStartOfDay().toInstant(ZoneOffset.UTC)
        : Instant.parse(text);
  }

  private static boolean isOpened(String word) {
    return switch (word) {
      case "opened" -> true;
      case "withheld" -> false;
      default -> throw new IllegalArgumentException("it is opened or withheld, not `" + word + "`");
    };
  }
}
