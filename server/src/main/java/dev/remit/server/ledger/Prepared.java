package dev.remit.server.ledger;

import dev.remit.kernel.ledger.Entry;
import dev.remit.kernel.ledger.Producer;
import dev.remit.kernel.ledger.UnnumberedEntry;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// An entry as far as the caller's thread can bring it: bodies sealed, canonical bytes written, all
/// but its number.
///
/// @param about see [About]
/// @param key what wraps the keys of `bodies`; empty when there are none
record Prepared(
    String type,
    Optional<String> id,
    Optional<String> of,
    Optional<String> about,
    UnnumberedEntry entry,
    List<SealedBody> bodies,
    Optional<SubjectKey> key) {

  private static final int ID_CHARS_MAX = 200;

  static Prepared of(Producer producer, SubjectKeys keys, Entry entry, Body... bodies) {
    if (bodies.length == 0) {
      return of(producer, entry, List.of(), Optional.empty());
    }
    var key = keys.of(Subject.of(entry), entry.at());
    var sealed = Arrays.stream(bodies).map(body -> SealedBody.of(body, key)).toList();
    return of(producer, entry, sealed, Optional.of(key));
  }

  private static Prepared of(
      Producer producer, Entry entry, List<SealedBody> sealed, Optional<SubjectKey> key) {
    return new Prepared(
        entry.type().word(),
        id(entry, "id"),
        id(entry, "of"),
        About.of(entry).filter(Prepared::isId),
        entry.by(producer, commitments(sealed)),
        sealed,
        key);
  }

  /// About how much the entry adds to a transaction.
  int length() {
    return entry.lengthMax() + bodies.stream().mapToInt(body -> body.ciphertext().length).sum();
  }

  private static ObjectNode commitments(List<SealedBody> bodies) {
    var names = new HashSet<String>();
    var commitments = JsonNodeFactory.instance.objectNode();
    for (var body : bodies) {
      if (!names.add(body.name())) {
        throw new IllegalArgumentException("the body `" + body.name() + "` is given twice");
      }
      commitments
          .putObject(body.name())
          .put("ciphertext", body.stored().value())
          .put("commitment", body.commitment().value());
    }
    return commitments;
  }

  private static Optional<String> id(Entry entry, String member) {
    var id = entry.text(member);
    if (id.isPresent() && !isId(id.get())) {
      throw new IllegalArgumentException("the member `" + member + "` is not an id");
    }
    return id;
  }

  /// Whether it is visible ASCII and not too long. PostgreSQL's text holds no NUL, and a row that
  /// can never be stored would hold up everything behind it.
  private static boolean isId(String text) {
    return !text.isEmpty()
        && text.length() <= ID_CHARS_MAX
        && text.chars().allMatch(c -> '!' <= c && c <= '~');
  }
}
