package dev.remit.server.models;

import dev.remit.kernel.canonical.Digest;
import dev.remit.server.models.ModelAnswer.Counted;
import dev.remit.server.models.ModelAnswer.Tokens;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;

/// What was seen of one answer while it passed. Belongs to one thread; holds what it says of itself
/// and the first part of its text, never the stream.
final class Seen {
  /// Characters of the text that are kept for the record.
  static final int TEXT_MAX = 32 * 1024;

  /// Tokens that no answer has read or written; whoever counts more has not counted.
  static final long TOKENS_MAX = 1_000_000_000;

  /// Bytes that no tokeniser puts into one token on the average of an answer.
  private static final long BYTES_PER_TOKEN_MAX = 32;

  private final MessageDigest digest = sha256();
  private final StringBuilder text = new StringBuilder();
  private final List<ModelAnswer.Proposal> proposals = new ArrayList<>();
  private final TreeSet<String> hosted = new TreeSet<>();
  private String named = "";
  private String fingerprint = "";
  private String tier = "";
  private String finish = "";
  private long bytes;
  private long written;
  private long input = -1;
  private long cached;
  private long output = -1;
  private long firstByteNanos = -1;
  private boolean isComplete;
  private boolean isFree;

  /// Some of the answer's bytes have come, as the provider sent them.
  void came(byte[] some) {
    if (firstByteNanos < 0) {
      firstByteNanos = System.nanoTime();
    }
    bytes += some.length;
    digest.update(some);
  }

  void named(JsonNode model) {
    named = model.isString() ? Wording.shortened(model.stringValue()) : named;
  }

  void fingerprint(JsonNode value) {
    fingerprint = value.isString() ? Wording.shortened(value.stringValue()) : fingerprint;
  }

  void tier(JsonNode value) {
    tier = value.isString() ? Wording.shortened(value.stringValue()) : tier;
  }

  void finish(JsonNode value) {
    finish = value.isString() ? Wording.shortened(value.stringValue()) : finish;
  }

  /// The model wrote `part`.
  void wrote(String part) {
    written += part.length();
    if (text.length() < TEXT_MAX) {
      text.append(part, 0, Math.min(part.length(), TEXT_MAX - text.length()));
    }
  }

  /// The provider has run something itself.
  void ran(String type) {
    if (hosted.size() < 16) {
      hosted.add(Wording.shortened(type));
    }
  }

  void proposed(ModelAnswer.Proposal proposal) {
    proposals.add(proposal);
  }

  /// What the provider counts; a number that is none says nothing.
  void usage(long inputTokens, long cachedTokens, long outputTokens) {
    input = Math.max(input, inputTokens);
    cached = Math.max(cached, cachedTokens);
    output = Math.max(output, outputTokens);
  }

  /// Whatever is said of tokens, none were used up.
  void costsNothing() {
    isFree = true;
  }

  void complete() {
    isComplete = true;
  }

  boolean isComplete() {
    return isComplete;
  }

  /// What was used up, by the provider's word or, where that is missing or cannot be, by our own.
  ///
  /// @param asked bytes of the request
  /// @param writes whether a model writes at this endpoint
  Tokens tokens(long asked, boolean writes) {
    if (isFree) {
      return new Tokens(0, 0, 0, Counted.REPORTED);
    }
    long least = writes ? Math.ceilDiv(written, BYTES_PER_TOKEN_MAX) : 0;
    boolean told = input >= 0 && (output >= 0 || !writes);
    // Nobody answers what was not read, and nobody reads or writes so much.
    boolean canBe = input <= TOKENS_MAX && output <= TOKENS_MAX && !(writes && input == 0);
    if (told && canBe) {
      return output < least
          ? counted(input, Math.max(written, output), Counted.IMPLAUSIBLE)
          : counted(input, Math.max(output, 0), Counted.REPORTED);
    }
    return counted(
        input > TOKENS_MAX ? asked : Math.max(input, asked),
        output > TOKENS_MAX ? written : Math.max(output, written),
        told ? Counted.IMPLAUSIBLE : Counted.UNTOLD);
  }

  /// No more can have come from the provider's memory than was read.
  private Tokens counted(long read, long wrote, Counted by) {
    return new Tokens(read, Math.clamp(cached, 0, read), wrote, by);
  }

  Optional<String> named() {
    return told(named);
  }

  Optional<String> fingerprint() {
    return told(fingerprint);
  }

  Optional<String> tier() {
    return told(tier);
  }

  Optional<String> finish() {
    return told(finish);
  }

  String text() {
    return text.toString();
  }

  List<String> hosted() {
    return List.copyOf(hosted);
  }

  List<ModelAnswer.Proposal> proposals() {
    return proposals;
  }

  long bytes() {
    return bytes;
  }

  long firstByteNanos() {
    return firstByteNanos;
  }

  /// Digest of everything that came; ends the counting.
  Digest digest() {
    return new Digest("sha256:" + HexFormat.of().formatHex(digest.digest()));
  }

  private static Optional<String> told(String text) {
    return text.isEmpty() ? Optional.empty() : Optional.of(text);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
