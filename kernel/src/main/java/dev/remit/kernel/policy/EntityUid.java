package dev.remit.kernel.policy;

/// Names one Cedar entity: `Tool::"files/read_file"`.
///
/// @param type the entity type, with its namespace where it has one (`Action`, `Shop::User`)
/// @param id any text
public record EntityUid(String type, String id) implements Comparable<EntityUid> {

  @Override
  public int compareTo(EntityUid other) {
    int byType = type.compareTo(other.type);
    return byType != 0 ? byType : id.compareTo(other.id);
  }

  @Override
  public String toString() {
    return type + "::" + CedarText.quoted(id);
  }
}
