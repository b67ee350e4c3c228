package dev.remit.cli.offline;

import dev.remit.kernel.ledger.Receipt;
import dev.remit.kernel.ledger.ReceiptCheck;
import java.io.PrintWriter;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/// Says what a receipt proves.
///
/// @param entry the bytes that it must be for, where they were given
@SuppressWarnings("ArrayRecordComponent") // Compared by hash only.
public record ReceiptAnswer(Receipt receipt, Keys keys, Optional<byte[]> entry) implements Answer {

  @Override
  public boolean holds() {
    return receipt.check(keys.keys()) instanceof ReceiptCheck.Proven
        && entry.map(receipt::isFor).orElse(true);
  }

  @Override
  public void print(PrintWriter out) {
    out.println((holds() ? "  proved      " : "  DAMAGED     ") + finding());
    if (!keys.trusted()) {
      out.println(
          "  not proved  that the key is the log's: it came from " + keys.source() + "; see --key");
    }
    if (entry.isEmpty()) {
      out.println("  not proved  what the entry says: only its hash is known; see --entry");
    }
    out.println(holds() ? "the receipt holds" : "the receipt does not hold");
  }

  @Override
  public JsonNode json() {
    return JsonNodeFactory.instance
        .objectNode()
        .put("holds", holds())
        .put("origin", receipt.origin())
        .put("index", receipt.index())
        .put("leaf", receipt.leaf().hex())
        .put("finding", finding())
        .put("keyFrom", keys.source());
  }

  String finding() {
    if (!entry.map(receipt::isFor).orElse(true)) {
      return "the receipt is for another entry";
    }
    return switch (receipt.check(keys.keys())) {
      case ReceiptCheck.Proven(var checkpoint) ->
          "entry %d is in %s, signed at %d entries"
              .formatted(receipt.index(), checkpoint.origin(), checkpoint.size());
      case ReceiptCheck.UnknownLog(var origin) -> "no known key belongs to the log " + origin;
      case ReceiptCheck.WrongSignature(var name) -> "the signature of " + name + " is wrong";
      case ReceiptCheck.OutsideSpan(var known, var size) ->
          "signed at %d entries with a key of %s that signs for %s"
              .formatted(size, known.key().name(), known.span());
      case ReceiptCheck.NotIncluded(var index) ->
          "the path does not lead from entry " + index + " to the signed root";
    };
  }
}
