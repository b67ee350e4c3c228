package dev.remit.server.approvals;

import dev.remit.server.assumptions.Broken;
import dev.remit.server.findings.Finding;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;

/// What a transaction has done, to be told once it is committed. Belongs to one transaction.
final class News {
  private record Item(Approval approval, BiConsumer<Notices, Approval> way) {}

  private final List<Item> items = new ArrayList<>();
  private final List<Finding.Sighting> seen = new ArrayList<>();

  void add(Approval approval, BiConsumer<Notices, Approval> way) {
    items.add(new Item(approval, way));
  }

  /// Something that people relied on no longer holds: its owner has to know.
  void broken(Approval approval, Broken broken) {
    seen.add(Worries.broken(approval, broken));
  }

  void saw(Finding.Sighting sighting) {
    seen.add(sighting);
  }

  List<Finding.Sighting> seen() {
    return seen;
  }

  void tell(Notices notices) {
    items.forEach(item -> item.way().accept(notices, item.approval()));
  }
}
