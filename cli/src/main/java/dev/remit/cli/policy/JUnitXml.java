package dev.remit.cli.policy;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/// Says the answer of a policy test in the XML that continuous integration reads: a suite for each
/// file, a failure with its reasons.
///
/// Source: the Ant JUnit report format, as Maven Surefire's `surefire-test-report.xsd` has it.
final class JUnitXml {
  private JUnitXml() {}

  static String text(JsonNode answer) {
    Map<String, List<JsonNode>> byFile = new LinkedHashMap<>();
    for (var one : answer.path("cases")) {
      var file = one.path("file").asString("");
      byFile.computeIfAbsent(file, _ -> new ArrayList<>()).add(one);
    }
    var suites =
        byFile.entrySet().stream()
            .map(suite -> suite(suite.getKey(), suite.getValue()))
            .collect(Collectors.joining());
    return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n"
        + suites
        + "</testsuites>\n";
  }

  private static String suite(String file, List<JsonNode> cases) {
    long failed = cases.stream().filter(one -> !one.path("passed").asBoolean(false)).count();
    long micros = cases.stream().mapToLong(one -> one.path("tookMicros").asLong(0)).sum();
    return "<testsuite name=\"%s\" tests=\"%d\" failures=\"%d\" errors=\"0\" time=\"%s\">\n%s</testsuite>\n"
        .formatted(
            escaped(file),
            cases.size(),
            failed,
            seconds(micros),
            cases.stream().map(one -> testcase(file, one)).collect(Collectors.joining()));
  }

  private static String testcase(String file, JsonNode one) {
    var head =
        "<testcase classname=\"%s\" name=\"%s\" time=\"%s\""
            .formatted(
                escaped(file),
                escaped(one.path("name").asString("")),
                seconds(one.path("tookMicros").asLong(0)));
    if (one.path("passed").asBoolean(false)) {
      return head + "/>\n";
    }
    var message =
        "expected "
            + one.path("expected").asString("")
            + ", decided "
            + one.path("decided").asString("");
    var reasons =
        one.path("reasons")
            .valueStream()
            .map(reason -> reason.asString(""))
            .collect(Collectors.joining("\n"));
    return head
        + "><failure message=\"%s\">%s</failure></testcase>\n"
            .formatted(escaped(message), escaped(reasons));
  }

  private static String seconds(long micros) {
    return java.math.BigDecimal.valueOf(micros, 6).toPlainString();
  }

  /// What XML 1.0 cannot hold at all is left out.
  private static String escaped(String text) {
    var out = new StringBuilder();
    text.codePoints()
        .filter(c -> c >= 0x20 || c == '\n' || c == '\t')
        .forEach(c -> {
          switch (c) {
            case '&' -> out.append("&amp;");
            case '<' -> out.append("&lt;");
            case '>' -> out.append("&gt;");
            case '"' -> out.append("&quot;");
            default -> out.appendCodePoint(c);
          }
        });
    return out.toString();
  }
}
