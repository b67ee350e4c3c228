package dev.remit.server.export;

import dev.remit.kernel.ledger.EntryType;
import dev.remit.server.export.format.Outgoing;
import java.util.Set;

/// Which entries an export sends.
///
/// @param types those of these types; empty for all
/// @param workflows those about these workflows; empty for all, also those about none
public record Filter(Set<EntryType> types, Set<String> workflows) {
  public static final Filter ALL = new Filter(Set.of(), Set.of());

  public Filter {
    types = Set.copyOf(types);
    workflows = Set.copyOf(workflows);
  }

  /// What an export itself gave up is not sent by it: a destination that refuses everything would
  /// be told so for ever.
  boolean takes(Outgoing out, String export) {
    var entry = out.entry();
    boolean own =
        entry.type() == EntryType.EXPORT_SETASIDE
            && entry.text("export").filter(export::equals).isPresent();
    return !own
        && (types.isEmpty() || types.contains(entry.type()))
        && (workflows.isEmpty() || workflows.contains(out.workflow()));
  }
}
