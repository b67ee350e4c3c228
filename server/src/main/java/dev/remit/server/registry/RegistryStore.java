package dev.remit.server.registry;

import dev.remit.kernel.canonical.CanonicalJson;
import dev.remit.kernel.canonical.Digest;
import dev.remit.kernel.identity.GrantName;
import dev.remit.kernel.identity.IdentityName;
import dev.remit.kernel.identity.PersonName;
import dev.remit.server.store.Row;
import dev.remit.server.store.Tx;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeMap;
import tools.jackson.databind.node.ObjectNode;

/// The registry at rest: tables `registry`, `declared` and `declared_revision`.
///
/// Every method takes the caller's transaction. Rows are never deleted.
final class RegistryStore {
  static final String CHANNEL = "registry";

  /// What one thing was, from its change at `at` until the next one.
  record Revision(
      long revision,
      long version,
      String action,
      ObjectNode spec,
      Digest digest,
      String set,
      PersonName by,
      Instant at) {}

  private record Line(long version, Optional<Stored> stored, boolean retired) {}

  /// Reads everything in one statement, so that it is one moment's state.
  State load(Tx tx) {
    var lines =
        tx.all(
            """
            SELECT r.version, d.kind, d.name, d.revision, d.retired, d.spec::text AS spec, d.digest,
                   d.file_set, d.changed_by, d.changed_at
              FROM registry r LEFT JOIN declared d ON true
            """,
            RegistryStore::line);
    var active = new TreeMap<Ref, Stored>();
    var retired = new TreeMap<Ref, Stored>();
    for (var line : lines) {
      var into = line.retired() ? retired : active;
      line.stored().ifPresent(stored -> into.put(stored.ref(), stored));
    }
    return State.of(lines.getFirst().version(), active, retired);
  }

  long version(Tx tx) {
    return tx.one("SELECT version FROM registry", row -> row.number("version")).orElseThrow();
  }

  /// Returns the digest of the policy set that was last made active; empty before the first.
  String policies(Tx tx) {
    return tx.one("SELECT policies FROM registry", row -> row.text("policies")).orElseThrow();
  }

  /// Whether the version is `expected`; it stays so until the transaction ends.
  boolean isAt(Tx tx, long expected) {
    return tx.one("SELECT version FROM registry FOR UPDATE", row -> row.number("version"))
        .filter(version -> version == expected)
        .isPresent();
  }

  /// Moves the version from `from` to the next one, if it is still there.
  ///
  /// @return false if somebody else has changed something; read again and plan again
  boolean advance(Tx tx, long from, String policies, Instant now) {
    return tx.update(
            """
            UPDATE registry
               SET version = ?, policies = ?, changed_at = ?
             WHERE version = ?
            """,
            from + 1,
            policies,
            now,
            from)
        == 1;
  }

  /// Writes what `proposal` changes: a row each, and a revision each.
  void write(Tx tx, Proposal proposal) {
    var rows = new Rows();
    for (var change : proposal.changes()) {
      if (!change.isNone()) {
        rows.add(change, proposal);
      }
    }
    rows.write(tx, proposal);
  }

  Optional<ObjectNode> revision(Tx tx, Ref ref, long revision) {
    return tx.one(
        """
        SELECT spec::text AS spec
          FROM declared_revision
         WHERE kind = ? AND name = ? AND revision = ?
        """,
        RegistryStore::spec,
        ref.kind().noun(),
        ref.name(),
        revision);
  }

  List<Revision> history(Tx tx, Ref ref) {
    return tx.all(
        """
        SELECT revision, version, action, spec::text AS spec, digest, file_set, changed_by, changed_at
          FROM declared_revision
         WHERE kind = ? AND name = ?
         ORDER BY revision DESC
         LIMIT 200
        """,
        row ->
            new Revision(
                row.number("revision"),
                row.number("version"),
                row.text("action"),
                spec(row),
                new Digest(row.text("digest")),
                row.text("file_set"),
                new PersonName(row.text("changed_by")),
                row.instant("changed_at")),
        ref.kind().noun(),
        ref.name());
  }

  /// Returns the revisions of grants of `identity` that were in force at `at`, by name.
  List<ScopeReview> reviews(Tx tx, IdentityName identity, Instant at) {
    return tx.all(
        """
        SELECT name, revision, spec::text AS spec, digest, changed_by, changed_at
          FROM (SELECT DISTINCT ON (name) *
                  FROM declared_revision
                 WHERE kind = 'grant' AND changed_at <= ?
                   AND name IN (SELECT name
                                  FROM declared_revision
                                 WHERE kind = 'grant' AND spec->>'identity' = ?)
                 ORDER BY name, revision DESC) AS latest
         WHERE action <> 'retire' AND spec->>'identity' = ?
           AND (spec->>'expires')::timestamptz > ?
         ORDER BY name
        """,
        row -> {
          var spec = spec(row);
          return new ScopeReview(
              new GrantName(row.text("name")),
              row.number("revision"),
              new PersonName(spec.path("approvedBy").stringValue()),
              row.instant("changed_at"),
              new PersonName(row.text("changed_by")),
              spec,
              new Digest(row.text("digest")));
        },
        at,
        identity.value(),
        identity.value(),
        at);
  }

  /// The columns of the rows to be written, for one statement a table however many there are: the
  /// ledger's sequencer waits meanwhile.
  private static final class Rows {
    private final List<String> kinds = new ArrayList<>();
    private final List<String> names = new ArrayList<>();
    private final List<String> revisions = new ArrayList<>();
    private final List<String> actions = new ArrayList<>();
    private final List<String> specs = new ArrayList<>();
    private final List<String> digests = new ArrayList<>();
    private final List<String> sets = new ArrayList<>();

    void add(Change change, Proposal proposal) {
      boolean retired = change.action() == Change.Action.RETIRE;
      var states = retired ? proposal.next().retired() : proposal.next().active();
      var stored = Optional.ofNullable(states.get(change.ref())).orElseThrow();
      kinds.add(change.ref().kind().noun());
      names.add(change.ref().name());
      revisions.add(Long.toString(stored.revision()));
      actions.add(change.action().word());
      specs.add(CanonicalJson.text(stored.spec()));
      digests.add(stored.digest().value());
      sets.add(stored.set());
    }

    void write(Tx tx, Proposal proposal) {
      tx.update(
          """
          INSERT INTO declared_revision
                 (kind, name, revision, action, spec, digest, file_set, version, changed_by,
                  changed_at)
          SELECT kind, name, revision::bigint, action, spec::jsonb, digest, file_set, ?, ?, ?
            FROM unnest(?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[])
              AS r (kind, name, revision, action, spec, digest, file_set)
          """,
          proposal.next().version(),
          proposal.author().name().value(),
          proposal.now(),
          kinds,
          names,
          revisions,
          actions,
          specs,
          digests,
          sets);
      tx.update(
          """
          INSERT INTO declared
                 (kind, name, revision, retired, spec, digest, file_set, changed_by, changed_at)
          SELECT kind, name, revision, action = 'retire', spec, digest, file_set, changed_by,
                 changed_at
            FROM declared_revision
           WHERE version = ?
          ON CONFLICT (kind, name) DO UPDATE
             SET revision = excluded.revision, retired = excluded.retired, spec = excluded.spec,
                 digest = excluded.digest, file_set = excluded.file_set,
                 changed_by = excluded.changed_by, changed_at = excluded.changed_at
          """,
          proposal.next().version());
    }
  }

  private static Line line(Row row) {
    var kind = row.maybeText("kind");
    return new Line(
        row.number("version"),
        kind.map(noun -> stored(noun, row)),
        kind.isPresent() && row.flag("retired"));
  }

  private static Stored stored(String noun, Row row) {
    var kind = Kind.valueOf(noun.toUpperCase(Locale.ROOT));
    var ref = new Ref(kind, row.text("name"));
    var spec = spec(row);
    return new Stored(
        ref,
        row.number("revision"),
        spec,
        new Digest(row.text("digest")),
        DeclaredReader.declared(ref, spec),
        row.text("file_set"),
        new PersonName(row.text("changed_by")),
        row.instant("changed_at"));
  }

  private static ObjectNode spec(Row row) {
    return (ObjectNode) CanonicalJson.parse(row.text("spec"));
  }
}
