package dev.remit.server.tokens;

import dev.remit.kernel.canonical.CanonicalJson;
import dev.remit.kernel.canonical.Digest;
import dev.remit.kernel.state.StateRow;
import dev.remit.server.ledger.Governed;
import dev.remit.server.store.Row;
import dev.remit.server.store.Tx;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/// Who may act and what was taken away, for comparison with the ledger: tables `standing`,
/// `resumption`, `task` and `token_withdrawn`.
public final class StandingRows implements Governed {

  @Override
  public void rows(Tx tx, Consumer<StateRow> each) {
    tx.each(
        "SELECT kind, name, suspended, epoch, reason, said_by, since, seq FROM standing",
        row -> each.accept(standing(row)));
    tx.each(
        """
        SELECT id, kind, name, epoch, state, requested_by, reason, requested_at, lapses_at,
               answered_by
          FROM resumption
        """,
        row -> each.accept(resumption(row)));
    tx.each(
        """
        SELECT id, identity, subject, workflow, intent, tools::text AS tools, calls_max,
               started_at, expires_at, ended_at, ended_by, parent, person
          FROM task
        """,
        row -> each.accept(task(row)));
    tx.each(
        "SELECT jti, expires_at, seq FROM token_withdrawn",
        row ->
            each.accept(
                StateRow.of("withdrawn-token", row.text("jti"))
                    .with("expiresAt", row.instant("expires_at"))
                    .with("seq", row.number("seq"))));
  }

  /// Digest of what a task may do at most, and as whom: what its entry says as `scope`.
  ///
  /// @param tools a list of names; empty when all that is granted may be used
  /// @param parent the task that it is a part of
  /// @param person for whom it is done
  static Digest scope(
      String identity,
      Optional<JsonNode> tools,
      long callsMax,
      Optional<String> parent,
      Optional<String> person) {
    var scope = JsonNodeFactory.instance.objectNode();
    scope.put("identity", identity);
    scope.put("callsMax", callsMax);
    tools.ifPresent(names -> scope.set("tools", names));
    parent.ifPresent(task -> scope.put("parent", task));
    person.ifPresent(name -> scope.put("person", name));
    return CanonicalJson.digest(scope);
  }

  private static StateRow standing(Row row) {
    return StateRow.of("standing", row.text("kind") + "/" + row.text("name"))
        .with("suspended", row.flag("suspended"))
        .with("epoch", row.number("epoch"))
        .with("reason", row.text("reason"))
        .with("by", row.text("said_by"))
        .with("since", row.instant("since"))
        .with("seq", row.number("seq"));
  }

  private static StateRow resumption(Row row) {
    var resumption =
        StateRow.of("resumption", row.text("id"))
            .with("kind", row.text("kind"))
            .with("name", row.text("name"))
            .with("epoch", row.number("epoch"))
            .with("state", row.text("state").toLowerCase(Locale.ROOT))
            .with("requestedBy", row.text("requested_by"))
            .with("reason", row.text("reason"))
            .with("requestedAt", row.instant("requested_at"))
            .with("lapsesAt", row.instant("lapses_at"));
    return row.maybeText("answered_by")
        .map(by -> resumption.with("answeredBy", by))
        .orElse(resumption);
  }

  private static StateRow task(Row row) {
    var tools = row.maybeText("tools").map(CanonicalJson::parse);
    var ended = row.maybeInstant("ended_at");
    var task =
        StateRow.of("task", row.text("id"))
            .with("identity", row.text("subject"))
            .with("workflow", row.text("workflow"))
            .with("intent", row.text("intent"))
            .with("scope", scope(row, tools).value())
            .with("startedAt", row.instant("started_at"))
            .with("expiresAt", row.instant("expires_at"))
            .with("ended", ended.isPresent());
    return ended.map(at -> ended(task, at, row.maybeText("ended_by"))).orElse(task);
  }

  private static Digest scope(Row row, Optional<JsonNode> tools) {
    return scope(
        row.text("identity"),
        tools,
        row.number("calls_max"),
        row.maybeText("parent"),
        row.maybeText("person"));
  }

  private static StateRow ended(StateRow task, Instant at, Optional<String> by) {
    return task.with("endedAt", at).with("endedBy", by.orElse(""));
  }
}
