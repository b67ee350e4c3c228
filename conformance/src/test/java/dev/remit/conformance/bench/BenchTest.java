package dev.remit.conformance.bench;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Each benchmark runs and says what it found in the form that programs read. How fast it was is
/// nobody's business here.
class BenchTest {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @ParameterizedTest
  @MethodSource("dev.remit.conformance.bench.Bench#names")
  void a_benchmark_runs_and_reports_one_well_formed_object(String name) {
    int status = bench(name, "--brief", "-o", "json");

    assertThat(status).isZero();
    var report = JsonMapper.shared().readTree(out.toString(UTF_8));
    assertThat(report.propertyNames())
        .containsExactly("bench", "machine", "rows", "ratios", "notes");
    assertThat(report.get("bench").stringValue()).isEqualTo(name);
    assertThat(report.get("machine").stringValue()).contains("cores");
    assertThat(report.get("rows")).isNotEmpty().allSatisfy(BenchTest::isRow);
    assertThat(report.get("ratios")).allSatisfy(BenchTest::isRatio);
    assertThat(report.get("notes")).allMatch(JsonNode::isString);
  }

  @Test
  void an_unknown_benchmark_is_refused_with_the_names_of_those_there_are() {
    int status = bench("nothing");

    assertThat(status).isEqualTo(2);
    assertThat(err.toString(UTF_8)).contains("gateway").contains("--brief");
  }

  private int bench(String... words) {
    return Bench.run(words, new PrintStream(out, true, UTF_8), new PrintStream(err, true, UTF_8));
  }

  private static void isRow(JsonNode row) {
    assertThat(row.propertyNames())
        .containsExactly("case", "n", "p50_us", "p99_us", "per_s", "cpu_us_per_op");
    assertThat(row.get("case").stringValue()).isNotEmpty();
    assertThat(row.get("n").longValue()).isPositive();
    for (var figure : new String[] {"p50_us", "p99_us", "per_s", "cpu_us_per_op"}) {
      assertThat(row.get(figure).doubleValue()).isFinite().isNotNegative();
    }
  }

  private static void isRatio(JsonNode ratio) {
    assertThat(ratio.propertyNames()).containsExactly("of", "to", "figure", "ratio");
    assertThat(ratio.get("ratio").isNumber()).isTrue();
  }
}
