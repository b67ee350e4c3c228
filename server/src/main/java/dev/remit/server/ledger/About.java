package dev.remit.server.ledger;

import dev.remit.kernel.ledger.Entry;
import java.util.Optional;

/// What an entry is about, in one word by which it is found again without reading its whole period:
/// `KIND/NAME` of what was declared or stopped, else `work/WORKFLOW`, else the id of its task. What
/// names none of these is found by the entry that it continues, or by its type.
public final class About {
  private About() {}

  /// The word of everything that was done for this workflow; `workflow/NAME` is what was declared
  /// of it.
  public static String workflow(String name) {
    return "work/" + name;
  }

  static Optional<String> of(Entry entry) {
    return switch (entry.type()) {
      case REGISTRY_CHANGED, STANDING_CHANGED, RESUMPTION_REQUESTED, RESUMPTION_SETTLED ->
          named(entry);
      case CONTROL_MEASURED -> named(entry).or(() -> entry.text("task"));
      case DEFINITION_PINNED -> entry.text("tool").map(name -> "tool/" + name);
      // Every other type names a workflow, a task or neither.
      default -> entry.text("workflow").map(About::workflow).or(() -> entry.text("task"));
    };
  }

  private static Optional<String> named(Entry entry) {
    return entry.text("kind").flatMap(kind -> entry.text("name").map(name -> kind + "/" + name));
  }
}
