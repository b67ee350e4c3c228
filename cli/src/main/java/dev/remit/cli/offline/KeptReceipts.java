package dev.remit.cli.offline;

import dev.remit.cli.CommandFailed;
import dev.remit.kernel.ledger.Receipt;
import java.io.PrintWriter;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The receipts of one task, as `remit connect` keeps them: one JSON object a line, with the
/// receipt and what had been asked.
///
/// @param lines at least one
public record KeptReceipts(List<Line> lines, Keys keys) implements Answer {
  private static final JsonMapper JSON = JsonMapper.shared();

  /// One call.
  ///
  /// @param what method and name, for people
  record Line(int number, String what, Receipt receipt) {}

  public KeptReceipts {
    lines = List.copyOf(lines);
  }

  /// Whether a file's text is of this form.
  static boolean isIn(String text) {
    return text.startsWith("{");
  }

  static List<Line> parse(String text) {
    var lines = text.strip().lines().toList();
    return IntStream.range(0, lines.size()).mapToObj(i -> line(i + 1, lines.get(i))).toList();
  }

  private static Line line(int number, String text) {
    try {
      var node = JSON.readTree(text);
      var what = node.path("method").asString("") + " " + node.path("name").asString("");
      return new Line(number, what.strip(), Receipt.ofHeader(node.path("receipt").asString("")));
    } catch (JacksonException | IllegalArgumentException e) {
      throw new CommandFailed(
          "line " + number + " holds no receipt: " + e.getMessage(),
          "pass a file that `remit connect` has written",
          e);
    }
  }

  private ReceiptAnswer answer(Line line) {
    return new ReceiptAnswer(line.receipt(), keys, Optional.empty());
  }

  @Override
  public boolean holds() {
    return lines.stream().map(this::answer).allMatch(ReceiptAnswer::holds);
  }

  @Override
  public void print(PrintWriter out) {
    for (var line : lines) {
      var answer = answer(line);
      out.println(
          (answer.holds() ? "  proved      " : "  DAMAGED     ")
              + "line "
              + line.number()
              + (line.what().isEmpty() ? "" : " (" + line.what() + ")")
              + ": "
              + answer.finding());
    }
    if (!keys.trusted()) {
      out.println(
          "  not proved  that the key is the log's: it came from " + keys.source() + "; see --key");
    }
    out.println(
        holds()
            ? "all " + lines.size() + " receipts hold"
            : "not every one of " + lines.size() + " receipts holds");
  }

  @Override
  public JsonNode json() {
    var json = JSON.createObjectNode().put("holds", holds());
    var receipts = json.putArray("receipts");
    lines.forEach(line -> receipts.add(answer(line).json()));
    return json;
  }
}
