package dev.remit.server.registry;

import dev.remit.kernel.canonical.CanonicalJson;
import dev.remit.kernel.state.StateRow;
import dev.remit.server.ledger.Governed;
import dev.remit.server.store.Row;
import dev.remit.server.store.Tx;
import java.util.function.Consumer;

/// What is declared and ever was, for comparison with the ledger: tables `registry`, `declared` and
/// `declared_revision`.
///
/// A specification is told as the digest of what is stored, computed here, and beside it the digest
/// that the row states: an edit of either shows.
public final class DeclaredRows implements Governed {

  @Override
  public void rows(Tx tx, Consumer<StateRow> each) {
    // Version 0 is what an empty schema starts with; from version 1 on there is an entry for each.
    tx.each(
        "SELECT version, policies FROM registry WHERE version <> 0",
        row ->
            each.accept(
                StateRow.of("registry", "registry")
                    .with("version", row.number("version"))
                    .with("policies", row.text("policies"))));
    tx.each(
        """
        SELECT kind, name, revision, retired, spec::text AS spec, digest, file_set, changed_by,
               changed_at, spec #>> '{definition,digest}' AS definition
          FROM declared
        """,
        row -> each.accept(declared(row)));
    tx.each(
        """
        SELECT kind, name, revision, version, action, spec::text AS spec, digest, file_set,
               changed_by, changed_at
          FROM declared_revision
        """,
        row -> each.accept(revision(row)));
  }

  private static StateRow declared(Row row) {
    var stored =
        common(StateRow.of(row.text("kind"), row.text("name")), row)
            .with("revision", row.number("revision"))
            .with("retired", row.flag("retired"));
    return row.maybeText("definition")
        .map(definition -> stored.with("definition", definition))
        .orElse(stored);
  }

  private static StateRow revision(Row row) {
    var key = row.text("kind") + "/" + row.text("name") + "@" + row.number("revision");
    return common(StateRow.of("revision", key), row)
        .with("version", row.number("version"))
        .with("action", row.text("action"));
  }

  private static StateRow common(StateRow into, Row row) {
    return into.with("spec", digest(row.text("spec")))
        .with("digest", row.text("digest"))
        .with("set", row.text("file_set"))
        .with("by", row.text("changed_by"))
        .with("at", row.instant("changed_at"));
  }

  private static String digest(String spec) {
    try {
      return CanonicalJson.digest(CanonicalJson.parse(spec)).value();
    } catch (IllegalArgumentException e) {
      return "no canonical form";
    }
  }
}
