package dev.remit.server.registry;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/// The kinds of thing a manifest declares, in the order in which one may refer to another.
public enum Kind {
  PERSON("Person", "people"),
  DATA_CLASS("DataClass", "data-classes"),
  MODEL("Model", "models"),
  WORKFLOW("Workflow", "workflows"),
  IDENTITY("Identity", "identities"),
  RESOURCE("Resource", "resources"),
  TOOL("Tool", "tools"),
  GRANT("Grant", "grants"),
  POLICY("Policy", "policies");

  private final String title;
  private final String plural;

  Kind(String title, String plural) {
    this.title = title;
    this.plural = plural;
  }

  /// Returns how a manifest writes it: `Workflow`.
  public String title() {
    return title;
  }

  /// Returns how a path and a command write it: `workflows`.
  public String plural() {
    return plural;
  }

  /// Returns how a sentence, an entry and a row write it: `workflow`.
  public String noun() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /// Finds the kind that is written `word`, whether as title, noun or plural.
  public static Optional<Kind> parse(String word) {
    var lower = word.toLowerCase(Locale.ROOT);
    return Arrays.stream(values())
        .filter(kind ->
            kind.noun().equals(lower)
                || kind.plural.equals(lower)
                || kind.title.toLowerCase(Locale.ROOT).equals(lower))
        .findFirst();
  }
}
