package dev.remit.cli.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.cli.TestTerminal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `remit policy test` with the code of the built server, and without a server.
class PolicyTestTest {
  private static final String MANIFESTS =
      """
      apiVersion: remit.dev/v1
      kind: Workflow
      metadata: {name: trial}
      spec:
        purpose: Try policies without a server
        owner: admin
        escalation: trial@example.org
        intents: [try]
        stage: production
        retention: 30d
      ---
      apiVersion: remit.dev/v1
      kind: Identity
      metadata: {name: trial-agent}
      spec:
        workflow: trial
        kind: agent
        autonomy: acts-alone
        authenticatesBy:
          - oidc: {issuer: "https://issuer.example", audience: remit, subject: agent}
      ---
      apiVersion: remit.dev/v1
      kind: Resource
      metadata: {name: files}
      spec: {environment: test, upstream: {http: {url: "http://127.0.0.1:1/mcp"}}}
      ---
      apiVersion: remit.dev/v1
      kind: Policy
      metadata: {name: reading}
      spec:
        description: Low risks may read.
        cedar: |
          permit (principal, action == Action::"read", resource) when { context.risk < 10 };
      """;
  private static final String CASES =
      """
      defaults: {action: read, resource: files, item: "file:///a"}
      cases:
        - {name: low & safe, expect: allow, because: [reading]}
        - {name: high, risk: 50, expect: %s}
      """;

  @TempDir private Path directory;
  private TestTerminal terminal;

  @BeforeEach
  void write() throws IOException {
    terminal = new TestTerminal(directory);
    Files.createDirectories(directory.resolve("remit"));
    Files.writeString(directory.resolve("remit/org.yaml"), MANIFESTS);
  }

  private void cases(String expectedOfHigh) throws IOException {
    Files.writeString(
        directory.resolve("remit/reading.test.yaml"), CASES.formatted(expectedOfHigh));
  }

  @Test
  void when_every_case_passes_it_ends_with_0() throws IOException {
    cases("deny");

    int code = terminal.run("policy", "test", "--min-coverage", "100");

    assertThat(terminal.out())
        .isEqualToNormalizingNewlines(
            """
            ok    low & safe
            ok    high

            2 passed, 0 failed.
            Coverage: 100 % (3 of 3).
            """);
    assertThat(terminal.err()).isEmpty();
    assertThat(code).isZero();
  }

  @Test
  void when_a_case_fails_it_ends_with_2_and_says_why_also_for_continuous_integration()
      throws Exception {
    cases("allow");

    int code = terminal.run("policy", "test", "remit", "--junit", "report.xml");

    assertThat(code).isEqualTo(2);
    assertThat(terminal.out())
        .contains("FAIL  high  (remit/reading.test.yaml:4)")
        .contains("expected allow\n      decided  deny")
        .contains("`reading` would permit it if `context.risk < 10` held (context.risk is 50)");
    var report =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(directory.resolve("report.xml").toFile());
    assertThat(report.getElementsByTagName("testcase").getLength()).isEqualTo(2);
    assertThat(report.getElementsByTagName("failure").getLength()).isEqualTo(1);
  }

  @Test
  void too_little_coverage_ends_with_2() throws IOException {
    Files.writeString(
        directory.resolve("remit/reading.test.yaml"),
        CASES.lines().limit(3).reduce("", (a, b) -> a + b + "\n"));

    int code = terminal.run("policy", "test", "remit", "--min-coverage", "90");

    assertThat(code).isEqualTo(2);
    assertThat(terminal.out())
        .contains("Coverage: 66 % (2 of 3), less than the 90 % asked for.")
        .contains("never false: `context.risk < 10` of `reading` (remit/org.yaml:33)");
  }

  @Test
  void a_flaw_in_a_case_ends_with_1_its_line_and_a_remedy() throws IOException {
    cases("permit");

    int code = terminal.run("policy", "test", "remit");

    assertThat(code).isEqualTo(1);
    assertThat(terminal.err())
        .contains("remit/reading.test.yaml:4:")
        .contains("`permit` is not one of allow, deny, hold, modify, defer")
        .contains("remedy: ");
  }

  @Test
  void without_cases_it_says_how_to_write_some() {
    int code = terminal.run("policy", "test", "remit");

    assertThat(code).isEqualTo(1);
    assertThat(terminal.err()).contains("no cases in remit").contains(".test.yaml");
  }
}
