package dev.remit.server.detection;

import dev.remit.kernel.identity.Role;
import dev.remit.kernel.ledger.EntryType;
import dev.remit.kernel.ledger.RecordedEntry;
import dev.remit.server.findings.Finding;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/// A grant, a person's roles or a workflow's scope that grew, without somebody else's approval.
///
/// The one approval that a change has today is a grant's `approvedBy`. So a grant that grew is an
/// alarm if its author is its approver, too; roles, and what a workflow may touch or be started
/// for, are one whenever they grow. Silent for what is new, since it is not more than before; for
/// what shrinks or moves to another place; and for an end that is put off by an approver who is not
/// the author. Not found: growth by retiring something and declaring it anew.
final class Escalation implements Detector {
  private static final List<String> GRANT =
      List.of("tools", "prompts", "reads", "asks", "profiles", "dataClasses");
  private static final List<String> WORKFLOW = List.of("dataClasses", "intents");

  private final Revisions revisions;

  /// Finds what was declared.
  @FunctionalInterface
  interface Revisions {
    Optional<? extends JsonNode> find(String kind, String name, long revision);
  }

  Escalation(Revisions revisions) {
    this.revisions = revisions;
  }

  @Override
  public Optional<Finding.Sighting> look(RecordedEntry entry) {
    boolean updated =
        entry.type() == EntryType.REGISTRY_CHANGED
            && entry.text("action").filter("update"::equals).isPresent();
    if (!updated) {
      return Optional.empty();
    }
    var kind = entry.text("kind").orElse("");
    var name = entry.text("name").orElse("");
    long revision = entry.number("revision");
    var after = revisions.find(kind, name, revision);
    var before = revisions.find(kind, name, revision - 1);
    if (before.isEmpty() || after.isEmpty()) {
      return Optional.empty();
    }
    var author = entry.text("by").orElse("");
    var grown = grown(kind, before.get(), after.get(), author);
    return grown.isEmpty() ? Optional.empty() : Optional.of(sighting(kind, name, author, grown));
  }

  private static List<String> grown(String kind, JsonNode before, JsonNode after, String author) {
    return switch (kind) {
      case "grant" ->
          after.path("approvedBy").asString("").equals(author)
              ? grownGrant(before, after)
              : List.of();
      case "person" -> longer(List.of("roles"), before, after);
      case "workflow" -> longer(WORKFLOW, before, after);
      default -> List.of();
    };
  }

  private static List<String> grownGrant(JsonNode before, JsonNode after) {
    var grown = new ArrayList<>(longer(GRANT, before, after));
    var calls = after.at("/limits/callsPerTask").asLong(0);
    if (calls > before.at("/limits/callsPerTask").asLong(0)) {
      grown.add("limits.callsPerTask");
    }
    if (moment(after.path("expires")).isAfter(moment(before.path("expires")))) {
      grown.add("expires");
    }
    return grown;
  }

  /// The members that hold something they did not hold before.
  private static List<String> longer(List<String> members, JsonNode before, JsonNode after) {
    return members.stream()
        .filter(member -> {
          var had = before.path(member).valueStream().collect(Collectors.toSet());
          return after.path(member).valueStream().anyMatch(one -> !had.contains(one));
        })
        .toList();
  }

  private static Instant moment(JsonNode value) {
    try {
      return Instant.parse(value.asString(""));
    } catch (DateTimeException e) {
      return Instant.EPOCH;
    }
  }

  private static Finding.Sighting sighting(
      String kind, String name, String author, List<String> grown) {
    return new Finding.Sighting(
        "privilege-escalation",
        kind + " " + name,
        Finding.Severity.HIGH,
        "`%s` has widened the %s `%s`, and nobody else has approved it: %s"
            .formatted(author, kind, name, String.join(", ", grown)),
        "compare with: remit describe %s %s; take it back, or close this with who agreed"
            .formatted(kind, name),
        Role.SECURITY);
  }
}
