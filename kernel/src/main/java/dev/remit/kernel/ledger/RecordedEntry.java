package dev.remit.kernel.ledger;

import dev.remit.kernel.canonical.CanonicalJson;
import dev.remit.kernel.identity.TaskId;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// An entry as it stands in a ledger.
///
/// @param index its place in the log, from 0
/// @param content its members; do not change them
public record RecordedEntry(long index, JsonNode content) {
  /// The member that numbers governance changes over all logs of a deployment.
  public static final String CHANGE = "change";

  private static final Set<String> SENT_ON = Set.of("allow", "modify", "filter");
  private static final JsonMapper STRICT =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  /// Reads an entry's bytes.
  ///
  /// @throws IllegalArgumentException saying what is wrong if they are not the canonical bytes of
  ///   an entry of this version
  public static RecordedEntry parse(long index, byte[] bytes) {
    var entry = new RecordedEntry(index, tree(bytes));
    if (!Arrays.equals(CanonicalJson.bytes(entry.content), bytes)) {
      throw new IllegalArgumentException("is not canonical JSON");
    }
    entry.checkCommonMembers();
    return entry;
  }

  public EntryType type() {
    return EntryType.parse(required("type"));
  }

  public Instant at() {
    return Instant.parse(required("at"));
  }

  public Producer producer() {
    return new Producer(required("producer"), number("epoch"));
  }

  /// The entry's number within its producer's epoch, from 1.
  public long n() {
    return number("n");
  }

  public Optional<String> id() {
    return text("id");
  }

  /// The id of the decision that this entry belongs to.
  public Optional<String> of() {
    return text("of");
  }

  /// Whether it tells of something that `task` itself did or asked. What others asked about the
  /// task is not its business.
  public boolean concerns(TaskId task) {
    var member = type() == EntryType.DECISION_ASKED ? "askerTask" : "task";
    return text(member).equals(Optional.of(task.value()));
  }

  /// Whether it lets a call through to its server, so that an outcome is to follow: allowed, if
  /// only in part, or a list to be filtered; or decided while policy is only observed, when a call
  /// goes on whatever was decided.
  public boolean isSentOn() {
    return type() == EntryType.CALL_DECIDED
        && (text("observed").isPresent() || text("decision").filter(SENT_ON::contains).isPresent());
  }

  /// Returns the key that this entry says the log signs with from now on, if it says so.
  ///
  /// @throws IllegalArgumentException if what it names is no key
  Optional<NoteKey> ledgerKey() {
    boolean says = type() == EntryType.KEY_CREATED && text("purpose").equals(Optional.of("ledger"));
    return says ? Optional.of(NoteKey.parse(text("key").orElse(""))) : Optional.empty();
  }

  /// Whether its `member` is the text `value`.
  public boolean says(String member, String value) {
    return text(member).filter(value::equals).isPresent();
  }

  public Optional<String> text(String member) {
    var value = content.path(member);
    return value.isString() ? Optional.of(value.stringValue()) : Optional.empty();
  }

  /// Which governance change of the deployment this is, from 1 without a gap over all logs; empty
  /// where it is none, or where it was recorded before changes had numbers.
  public OptionalLong change() {
    return content.has(CHANGE) ? OptionalLong.of(number(CHANGE)) : OptionalLong.empty();
  }

  private void checkCommonMembers() {
    if (!content.isObject() || number("v") != Entry.VERSION) {
      throw new IllegalArgumentException("is not an entry of version " + Entry.VERSION);
    }
    type();
    producer();
    n();
    try {
      at();
    } catch (DateTimeException e) {
      throw new IllegalArgumentException("has no time `at`", e);
    }
  }

  /// Returns a member that must be there.
  ///
  /// @throws IllegalArgumentException if it is not an integer
  public long number(String member) {
    var value = content.path(member);
    if (!value.isIntegralNumber() || !value.canConvertToLong()) {
      throw new IllegalArgumentException("has no number `" + member + "`");
    }
    return value.longValue();
  }

  private String required(String member) {
    return text(member)
        .orElseThrow(() -> new IllegalArgumentException("has no text `" + member + "`"));
  }

  private static JsonNode tree(byte[] bytes) {
    try {
      return STRICT.readTree(bytes);
    } catch (JacksonException e) {
      throw new IllegalArgumentException("is not JSON", e);
    }
  }
}
