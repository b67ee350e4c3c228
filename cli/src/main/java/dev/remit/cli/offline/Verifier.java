package dev.remit.cli.offline;

import dev.remit.cli.CommandFailed;
import dev.remit.kernel.evidence.BundleAudit;
import dev.remit.kernel.evidence.BundleParts;
import dev.remit.kernel.evidence.SeenUpstream;
import dev.remit.kernel.ledger.LedgerAudit;
import dev.remit.kernel.ledger.NoteKey;
import dev.remit.kernel.ledger.Receipt;
import dev.remit.kernel.ledger.SignedNote;
import dev.remit.kernel.promotion.GateAudit;
import dev.remit.kernel.timestamp.ExportedTimestamps;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Verifies what a file or a directory holds: an export of a ledger, an evidence bundle, receipts.
///
/// Errors: what cannot be read as any of them is a [CommandFailed] that says what to pass instead.
/// What can be read and does not hold is an [Answer].
public final class Verifier {
  private final @Nullable Keys given;
  private final byte @Nullable [] entry;
  private final Supplier<Keys> keysForReceipts;
  private final List<NoteKey> witnesses;
  private final List<SignedNote> held;
  private final Authorities authorities;

  /// @param given the keys that the person who verifies has named, if any
  /// @param entry the bytes that a receipt must be for, if they are known
  /// @param keysForReceipts where keys come from when none were named and a receipt brings none
  /// @param witnesses keys of witnesses whose cosignatures on an export count
  /// @param held what the log has signed before, with which an export must agree
  /// @param authorities whose timestamps to believe
  public Verifier(
      @Nullable Keys given,
      byte @Nullable [] entry,
      Supplier<Keys> keysForReceipts,
      List<NoteKey> witnesses,
      List<SignedNote> held,
      Authorities authorities) {
    this.given = given;
    this.entry = entry;
    this.keysForReceipts = keysForReceipts;
    this.witnesses = List.copyOf(witnesses);
    this.held = List.copyOf(held);
    this.authorities = authorities;
  }

  /// Verifies what `path` holds.
  ///
  /// @param name how the person calls it, for messages
  public Answer verify(Path path, String name) {
    if (Files.isDirectory(path)) {
      return export(path);
    }
    return isZip(path) ? bundle(path, name) : receipts(text(path, name), name);
  }

  /// Verifies the evidence bundle in `path`, and whether what it says was sent was seen.
  public Answer verify(Path path, String name, SeenUpstream seen) {
    if (Files.isDirectory(path) || !isZip(path)) {
      throw new CommandFailed(
          "`" + name + "` is no evidence bundle, and only that can be compared with what was seen",
          "name what `remit evidence export` has written");
    }
    var answer = bundle(path, name);
    if (!answer.holds()) {
      return answer;
    }
    try (var parts = new ZipParts(path)) {
      return new SeenAnswer(answer, seen.compare(parts));
    }
  }

  /// Verifies the evidence bundle in `path`, and asks the promotion gate of it again.
  public Answer verifyGate(Path path, String name) {
    if (Files.isDirectory(path) || !isZip(path)) {
      throw new CommandFailed(
          "`" + name + "` is no evidence bundle, and only of that the gate can be asked again",
          "name what `remit evidence export --workflow` has written");
    }
    var answer = bundle(path, name);
    if (!answer.holds()) {
      return answer;
    }
    try (var parts = new ZipParts(path)) {
      return new GateAnswer(answer, GateAudit.of(parts));
    }
  }

  /// Verifies an export of a ledger.
  public LedgerAnswer export(Path directory) {
    var files = new DirectoryFiles(directory);
    var keys =
        given != null
            ? given
            : Keys.parse(
                files.read("keys").map(Verifier::utf8).orElse(""), "the export itself", false);
    return new LedgerAnswer(
        LedgerAudit.of(files, keys.keys(), witnesses, held),
        keys,
        witnesses.size(),
        ExportedTimestamps.of(files, authorities.certificates()));
  }

  private static boolean isZip(Path path) {
    try (var in = Files.newInputStream(path)) {
      return in.read() == 'P' && in.read() == 'K';
    } catch (IOException e) {
      return false; // reading it as a receipt says what is wrong
    }
  }

  private BundleAnswer bundle(Path path, String name) {
    try (var parts = new ZipParts(path)) {
      var keys = given != null ? given : Keys.parse(own(parts), "the bundle itself", false);
      return new BundleAnswer(BundleAudit.of(parts, keys.keys(), authorities.certificates()), keys);
    } catch (UncheckedIOException e) {
      throw new CommandFailed(
          "`" + name + "` cannot be read: " + e.getCause(), "ask for the bundle again", e);
    }
  }

  private static String own(ZipParts parts) {
    try (var in = parts.open(BundleParts.KEYS).orElse(InputStream.nullInputStream())) {
      return utf8(in.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Verifies one receipt, or all that `remit connect` kept.
  public Answer receipts(String text, String name) {
    var keys = given != null ? given : keysForReceipts.get();
    return KeptReceipts.isIn(text)
        ? new KeptReceipts(KeptReceipts.parse(text), keys)
        : new ReceiptAnswer(receipt(text.strip(), name), keys, Optional.ofNullable(entry));
  }

  private static Receipt receipt(String text, String name) {
    try {
      return text.startsWith("c2sp.org/") ? Receipt.ofText(text + "\n") : Receipt.ofHeader(text);
    } catch (IllegalArgumentException e) {
      throw new CommandFailed(
          "`" + name + "` is not a receipt: " + e.getMessage(),
          "pass what /v1/receipts/ID gives, or the header Remit-Receipt",
          e);
    }
  }

  private static String text(Path path, String name) {
    try {
      return utf8(Files.readAllBytes(path));
    } catch (IOException e) {
      throw new CommandFailed(
          "cannot read `" + name + "`",
          "name a directory that was exported, an evidence bundle, or a receipt",
          e);
    }
  }

  private static String utf8(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
