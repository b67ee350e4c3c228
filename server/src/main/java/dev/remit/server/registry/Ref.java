package dev.remit.server.registry;

/// Names one declared thing.
public record Ref(Kind kind, String name) implements Comparable<Ref> {

  @Override
  public int compareTo(Ref other) {
    int byKind = kind.compareTo(other.kind);
    return byKind != 0 ? byKind : name.compareTo(other.name);
  }

  /// Returns `kind/name`, such as `workflow/invoices`.
  @Override
  public String toString() {
    return kind.noun() + "/" + name;
  }

  /// Returns how a sentence says it: ``workflow `invoices` ``.
  String said() {
    return kind.noun() + " `" + name + "`";
  }
}
