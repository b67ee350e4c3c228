package dev.remit.server.gateway;

import dev.remit.kernel.identity.SecretKind;
import dev.remit.server.decisions.ExactJson;
import dev.remit.server.gateway.wire.Message;
import dev.remit.server.gateway.wire.MessageReader;
import dev.remit.server.inspection.Exposed;
import dev.remit.server.inspection.Inspection;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What becomes of secrets in an answer: under `@redact("secrets")` every one is cut out; without
/// it those that Remit itself keeps, since no agent may ever have them. The rest passes and is
/// noted.
///
/// What is cut is looked at again, and withheld as a whole if anything is left: a secret in a name,
/// or one that two texts make together. Everything else is for the rule within.
final class Inspected implements Delivery.Passed {
  private final Call call;
  private final Delivery.Passed rest;
  private final boolean isOfSecrets;
  private final Set<SecretKind> cut;
  private final Looking looking;
  private final MessageReader reader;
  private Exposed seen = Exposed.NONE;
  private int cuts;
  private boolean isCut;
  private byte @Nullable [] answer;

  /// @param isOfSecrets whether policy has every secret cut out
  Inspected(
      Call call, Delivery.Passed rest, boolean isOfSecrets, Looking looking, MessageReader reader) {
    this.call = call;
    this.rest = rest;
    this.isOfSecrets = isOfSecrets;
    this.cut = isOfSecrets ? Inspection.everything() : EnumSet.of(SecretKind.STORED);
    this.looking = looking;
    this.reader = reader;
  }

  @Override
  public boolean isStrict() {
    return isOfSecrets || rest.isStrict();
  }

  @Override
  public byte @Nullable [] answer() {
    return answer;
  }

  @Override
  public OptionalInt count() {
    return isCut || isStrict()
        ? OptionalInt.of(cuts + rest.count().orElse(0))
        : OptionalInt.empty();
  }

  @Override
  public List<String> secrets() {
    return List.copyOf(seen.kinds());
  }

  @Override
  public Passing passing(Message.Answer message, byte[] bytes) {
    if (!mustCut(look(bytes))) {
      var passing = rest.passing(message, bytes);
      answer = rest.answer();
      return passing;
    }
    byte[] clean = cut(bytes);
    if (mustCut(looking.inspection().lookAtJson(clean))) {
      return withheld("a secret stands in it where it cannot be cut out");
    }
    return switch (rest.passing(message, clean)) {
      case Passing.Untouched() -> replaced(clean);
      case Passing.Replaced(var redacted) -> replaced(redacted);
      case Passing.Withheld other -> other;
    };
  }

  private Passing replaced(byte[] bytes) {
    answer = bytes;
    return new Passing.Replaced(bytes);
  }

  @Override
  public Passing telling(Message.Notice notice, byte[] bytes) {
    if (mustCut(look(bytes))) {
      return withheld("what the server tells meanwhile shows a secret");
    }
    if (rest.isStrict() || !isOfSecrets) {
      return rest.telling(notice, bytes);
    }
    return Redaction.progress(notice, bytes, reader);
  }

  @Override
  public Passing words(byte[] body) {
    return mustCut(look(body))
        ? withheld("the server's own error shows a secret")
        : new Passing.Untouched();
  }

  private Exposed look(byte[] bytes) {
    var found = looking.atResult(call, bytes);
    seen = seen.and(found);
    return found;
  }

  private boolean mustCut(Exposed found) {
    return found.found().stream().anyMatch(one -> cut.contains(one.kind()));
  }

  private byte[] cut(byte[] bytes) {
    isCut = true;
    var whole = reader.exactTree(new String(bytes, StandardCharsets.UTF_8));
    var clean = looking.inspection().cut(whole, cut);
    cuts += clean.count();
    return ExactJson.bytes(clean.json());
  }

  private Passing withheld(String why) {
    isCut = true;
    return new Passing.Withheld(new Refusal.ResultWithheld(why));
  }
}
