package dev.remit.cli.offline;

import java.io.PrintWriter;
import tools.jackson.databind.JsonNode;

/// What a verification has shown, in words and as JSON.
public sealed interface Answer
    permits BundleAnswer, KeptReceipts, LedgerAnswer, ReceiptAnswer, SeenAnswer, GateAnswer {

  /// Whether everything that was claimed holds.
  boolean holds();

  /// Prints what was proved, what was not, and what is wrong, a line each.
  void print(PrintWriter out);

  JsonNode json();
}
