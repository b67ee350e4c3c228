package dev.remit.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.server.findings.Finding;
import dev.remit.server.findings.Finding.Severity;
import dev.remit.server.inspection.Samples;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A pilot that was given a developer's own token.
@Tag("R56")
class PersonalCredentialsTest {
  private static final JsonMapper JSON = JsonMapper.shared();

  private final Random random = new Random(56);
  private final ConsoleWorld world;

  PersonalCredentialsTest() throws IOException {
    world = new ConsoleWorld();
  }

  @AfterEach
  void close() {
    world.close();
  }

  @Test
  void the_developers_token_of_a_pilot_is_a_finding_that_names_the_pilot() {
    var token = Samples.personal(random);
    world.declare(forge());

    var answer = store(token);

    assertThat(JSON.readTree(answer.body()).path("warning").asString(""))
        .contains("`forge-token` is a personal access token of GitHub");
    assertThat(found())
        .singleElement()
        .satisfies(finding -> {
          assertThat(finding.severity()).isEqualTo(Severity.HIGH);
          assertThat(finding.summary())
              .contains("`invoice-agent`", "`forge`", "the pilot `invoices`");
          assertThat(finding.remedy()).contains("remit secret put forge-token");
        });
    assertThat(world.entries("finding.raised").toString()).doesNotContain(token);
  }

  @Test
  void declaring_what_uses_a_persons_token_warns_of_it() {
    store(Samples.personal(random));

    var planned = JSON.readTree(world.api("POST", "/v1/registry/plan", files(forge())).body());

    assertThat(planned.path("problems").valueStream().filter(one -> is(one, "R56")))
        .singleElement()
        .satisfies(problem -> {
          assertThat(problem.path("severity").asString("")).isEqualTo("warning");
          assertThat(problem.path("message").asString("")).contains("personal access token");
        });
  }

  @Test
  void storing_a_credential_of_the_workload_in_its_place_deals_with_it() {
    world.declare(forge());
    store(Samples.personal(random));

    var answer = store("a-token-of-the-workload-itself");

    assertThat(answer.body()).doesNotContain("warning");
    assertThat(found()).isEmpty();
    assertThat(world.entries("finding.closed")).hasSize(1);
  }

  @Test
  void nobody_acting_with_it_makes_it_less_severe() {
    store(Samples.personal(random));

    assertThat(found()).extracting(Finding::severity).containsExactly(Severity.MEDIUM);
  }

  private HttpResponse<String> store(String value) {
    var body = JSON.createObjectNode().put("value", value);
    var answer = world.api("PUT", "/v1/secrets/forge-token", body.toString());
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return answer;
  }

  private List<Finding> found() {
    return world.findings.newest().stream()
        .filter(finding -> finding.kind().equals("personal-credential"))
        .toList();
  }

  private static boolean is(JsonNode problem, String rule) {
    return problem.path("rule").asString("").equals(rule);
  }

  private static String files(String manifests) {
    var body = JSON.createObjectNode();
    body.putArray("files").addObject().put("name", "forge.yaml").put("text", manifests);
    return body.toString();
  }

  private static String forge() {
    return """
    apiVersion: remit.dev/v1
    kind: Resource
    metadata: {name: forge}
    spec:
      type: mcp
      environment: test
      upstream:
        http:
          url: "http://127.0.0.1:9/forge"
          headers: {Authorization: {secret: forge-token}}
    ---
    apiVersion: remit.dev/v1
    kind: Grant
    metadata: {name: invoice-agent-forge}
    spec:
      identity: invoice-agent
      resource: forge
      reads: ["repo://*"]
      dataClasses: [internal]
      approvedBy: bea
      expires: %s
    """
        .formatted(LocalDate.now(ZoneOffset.UTC).plusDays(60));
  }
}
