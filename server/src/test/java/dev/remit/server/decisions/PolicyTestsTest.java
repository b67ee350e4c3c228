package dev.remit.server.decisions;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.server.registry.ManifestFile;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What a policy test says of cases and of the policies that they exercise.
@Tag("R87")
class PolicyTestsTest {
  private static final String ORGANISATION =
      """
      apiVersion: remit.dev/v1
      kind: Workflow
      metadata: {name: invoices}
      spec:
        purpose: Read invoices and pay them
        owner: admin
        escalation: invoices@example.org
        dataClasses: [internal]
        intents: [read-invoices, pay]
        stage: production
        retention: 30d
      ---
      apiVersion: remit.dev/v1
      kind: Identity
      metadata: {name: invoice-agent}
      spec:
        workflow: invoices
        kind: agent
        autonomy: acts-alone
        authenticatesBy:
          - oidc: {issuer: "https://issuer.example", audience: remit, subject: agent}
      ---
      apiVersion: remit.dev/v1
      kind: Resource
      metadata: {name: files}
      spec: {type: mcp, environment: test, upstream: {http: {url: "http://127.0.0.1:1/mcp"}}}
      ---
      apiVersion: remit.dev/v1
      kind: Tool
      metadata: {name: files/read_file}
      spec:
        resource: files
        tool: read_file
        effects: [read]
        dataClasses: [internal]
        definition:
          digest: "sha256:0000000000000000000000000000000000000000000000000000000000000000"
          inputSchema: {type: object, properties: {path: {type: string}, rows: {type: integer}}, required: [path]}
      """;

  private static final String READING =
      """
      permit (principal in Workflow::"invoices", action == Action::"files/read_file", resource)
          when { context.arguments.path like "/data/*" && context.risk <= 50 };
      """;

  private static String policy(String name, String cedar) {
    return """
    ---
    apiVersion: remit.dev/v1
    kind: Policy
    metadata: {name: %s}
    spec:
      description: A policy under test.
      cedar: |
        %s
    """
        .formatted(name, cedar.strip());
  }

  private static ObjectNode run(String policies, String cases) {
    return PolicyTests.run(
        List.of(new ManifestFile("org.yaml", ORGANISATION + policies)),
        List.of(new ManifestFile("x.test.yaml", cases)));
  }

  private static List<String> words(JsonNode answer, String member) {
    return answer.path("cases").valueStream().map(one -> one.path(member).asString("")).toList();
  }

  private static List<String> missing(JsonNode answer) {
    return answer
        .path("coverage")
        .path("policies")
        .valueStream()
        .flatMap(policy -> policy.path("missing").valueStream())
        .map(one -> one.path("never").asString("") + " " + one.path("condition").asString(""))
        .map(String::strip)
        .toList();
  }

  @Test
  void cases_are_decided_as_in_production() {
    var hold =
        """
        @hold("approver") forbid (principal, action in Action::"call", resource)
            when { context.stage == "pilot" } unless { context.approved };
        """;

    var answer =
        run(
            policy("reading", READING) + policy("pilots", hold),
            """
            defaults: {tool: files/read_file, arguments: {path: /data/1}}
            cases:
              - {name: data, expect: allow, because: [reading]}
              - {name: elsewhere, arguments: {path: /etc/passwd}, expect: deny}
              - {name: a pilot, stage: pilot, expect: hold, because: [pilots]}
              - {name: agreed, stage: pilot, approved: true, expect: allow}
              - {name: another action, action: read, resource: files, item: "a:b", expect: deny}
            """);

    assertThat(words(answer, "decided")).containsExactly("allow", "deny", "hold", "allow", "deny");
    assertThat(answer.path("passed").asInt()).isEqualTo(5);
    assertThat(answer.path("failed").asInt()).isZero();
  }

  @Test
  void an_obligation_that_could_not_be_fulfilled_denies_as_in_production() {
    var limited =
        """
        @limit("rows:10..100") permit (principal, action == Action::"files/read_file", resource);
        """;

    var answer =
        run(
            policy("limited", limited),
            """
            defaults: {tool: files/read_file}
            cases:
              - {name: too many, arguments: {path: /a, rows: 500}, expect: modify}
              - {name: too few, arguments: {path: /a, rows: 5}, expect: deny}
              - {name: none said, arguments: {path: /a}, expect: deny}
            """);

    assertThat(words(answer, "decided"))
        .as(problems(answer).toString())
        .containsExactly("modify", "deny", "deny");
  }

  @Test
  void a_failed_case_says_what_was_decided_and_what_kept_the_policy_from_it() {
    var answer =
        run(
            policy("reading", READING),
            """
            cases:
              - name: a secret file
                tool: files/read_file
                arguments: {path: /etc/passwd}
                expect: allow
            """);

    var failed = answer.path("cases").get(0);
    assertThat(failed.path("passed").asBoolean()).isFalse();
    assertThat(failed.path("line").asInt()).isEqualTo(2);
    assertThat(failed.path("decided").stringValue()).isEqualTo("deny");
    assertThat(failed.path("reasons").get(1).stringValue())
        .isEqualTo(
            "`reading` would permit it if `context.arguments.path like \"/data/*\"` held"
                + " (context.arguments.path is \"/etc/passwd\")");
  }

  @Test
  void the_right_outcome_for_another_reason_fails() {
    var answer =
        run(
            policy("reading", READING),
            """
            cases:
              - name: by whom
                tool: files/read_file
                arguments: {path: /data/1}
                expect: allow
                because: [other]
            """);

    assertThat(answer.path("failed").asInt()).isEqualTo(1);
    assertThat(answer.at("/cases/0/because/0").stringValue()).isEqualTo("reading");
  }

  @Test
  void coverage_names_what_no_case_has_shown_with_its_line() {
    var answer =
        run(
            policy("reading", READING),
            """
            cases:
              - {name: a, tool: files/read_file, arguments: {path: /data/1}, expect: allow}
            """);

    assertThat(missing(answer))
        .containsExactly(
            "false context.arguments.path like \"/data/*\"", "false context.risk <= 50");
    assertThat(answer.at("/coverage/percent").asInt()).isEqualTo(60);
    assertThat(answer.at("/coverage/policies/0/missing/0/file").stringValue())
        .isEqualTo("org.yaml");
    assertThat(answer.at("/coverage/policies/0/missing/0/line").asInt()).isEqualTo(47);
  }

  @Test
  void cases_for_both_sides_of_each_operand_cover_everything() {
    var answer =
        run(
            policy("reading", READING.replace("&&", "|| !(context.stage == \"pilot\") &&")),
            """
            defaults: {tool: files/read_file, arguments: {path: /etc}}
            cases:
              - {name: a, arguments: {path: /data/1}, expect: allow}
              - {name: b, expect: allow}
              - {name: c, stage: pilot, expect: deny}
              - {name: d, risk: 51, expect: deny}
            """);

    assertThat(missing(answer)).isEmpty();
    assertThat(answer.at("/coverage/percent").asInt()).isEqualTo(100);
  }

  @Test
  void a_policy_that_no_case_satisfies_is_named() {
    var answer =
        run(
            policy("reading", READING)
                + policy("never", "forbid (principal, action == Action::\"read\", resource);"),
            """
            cases:
              - {name: a, tool: files/read_file, arguments: {path: /data/1}, expect: allow}
            """);

    assertThat(missing(answer)).contains("satisfied");
  }

  @Test
  void whatever_is_wrong_with_a_case_is_said_with_its_line_and_a_remedy() {
    var answer =
        run(
            policy("reading", READING),
            """
            cases:
              - {name: a, tool: files/read_fil, expect: allow}
              - {name: a, tool: files/read_file, arguments: {pth: x}, expect: permit}
              - {name: b, identty: x, tool: files/read_file, expect: allow}
              - {name: c, action: read, expect: deny}
              - {name: d, tool: files/read_file, identity: nobody, expect: deny}
            """);

    assertThat(answer.has("cases")).isFalse();
    assertThat(problems(answer))
        .contains("3: `permit` is not one of allow, deny, hold, modify, defer")
        .anyMatch(text -> text.startsWith("4: `cases[2].identty` is not a known key"));
    assertThat(answer.path("problems").valueStream())
        .allMatch(problem -> !problem.path("remedy").asString("").isEmpty());
  }

  @Test
  void a_case_that_names_what_is_not_declared_is_told_what_is() {
    var answer =
        run(
            policy("reading", READING),
            """
            cases:
              - {name: a, tool: files/read_fil, expect: allow}
              - {name: a, tool: files/read_file, arguments: {pth: x}, expect: deny}
              - {name: c, action: read, expect: deny}
              - {name: d, tool: files/read_file, identity: nobody, expect: deny}
            """);

    assertThat(problems(answer))
        .containsExactly(
            "2: there is no tool named `files/read_fil`",
            "3: a case `a` is there already, at x.test.yaml:2:12",
            "3: `files/read_file` has no argument `pth`, so no policy sees it",
            "4: it does not say of which resource",
            "5: there is no identity named `nobody`");
    assertThat(answer.path("problems").get(0).path("remedy").stringValue())
        .isEqualTo("did you mean `files/read_file`?");
  }

  @Test
  void policies_that_do_not_validate_are_refused_as_at_plan() {
    var answer = run(policy("reading", "permit (principal, action, resource) when { 1 };"), "a: 1");

    assertThat(answer.has("cases")).isFalse();
    assertThat(problems(answer)).anyMatch(text -> text.startsWith("46: "));
  }

  private static List<String> problems(JsonNode answer) {
    return answer
        .path("problems")
        .valueStream()
        .filter(problem -> !problem.path("file").asString("").isEmpty())
        .map(problem -> problem.path("line").asInt() + ": " + problem.path("message").asString(""))
        .toList();
  }
}
