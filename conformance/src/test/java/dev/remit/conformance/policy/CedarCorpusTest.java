package dev.remit.conformance.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.remit.kernel.policy.Combination;
import dev.remit.kernel.policy.Decision;
import dev.remit.kernel.policy.Entities;
import dev.remit.kernel.policy.PolicyError;
import dev.remit.kernel.policy.PolicyId;
import dev.remit.kernel.policy.PolicySet;
import dev.remit.kernel.policy.Request;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// The official Cedar corpus, as published by the cedar-integration-tests repository: each case is
/// a policy set, entities and requests with the decision, the deciding policies and the failing
/// policies that Cedar gives. `CEDAR_CORPUS` names another archive.
@Tag("R80")
class CedarCorpusTest {

  @Test
  void every_case_of_the_corpus_gets_the_expected_decision_reasons_and_errors() throws IOException {
    var archive = archive();
    assumeTrue(
        Files.isRegularFile(archive),
        "skipped: no corpus at " + archive + "; name an archive in CEDAR_CORPUS");
    var files = TarGz.read(archive);

    var wrong = new ArrayList<String>();
    int cases = 0;
    int requests = 0;
    for (var file : files.entrySet()) {
      if (isCase(file.getKey())) {
        cases++;
        requests += check(file.getKey(), Cedar.JSON.readTree(file.getValue()), files, wrong);
      }
    }

    System.out.printf(
        "cedar corpus: %d cases, %d requests, %d differ%n", cases, requests, wrong.size());
    assertThat(requests).as("requests in the corpus").isPositive();
    assertThat(wrong).isEmpty();
  }

  private static Path archive() {
    var named = System.getenv("CEDAR_CORPUS");
    return named != null
        ? Path.of(named)
        : Path.of("..", "..", "shared", "data", "cedar", "corpus-tests.tar.gz");
  }

  private static boolean isCase(String path) {
    return path.endsWith(".json") && !path.endsWith(".entities.json");
  }

  private static int check(
      String name, JsonNode suite, Map<String, String> files, List<String> wrong) {
    var policies = Cedar.compiled(Cedar.parsed(file(files, suite, "policies")));
    var entities = Cedar.entities(Cedar.JSON.readTree(file(files, suite, "entities")));
    int requests = 0;
    for (var request : suite.path("requests")) {
      requests++;
      var expected = expected(request);
      var actual = actual(policies, entities, request);
      if (!actual.equals(expected)) {
        wrong.add(name + " request " + requests + ": expected " + expected + ", got " + actual);
      }
    }
    return requests;
  }

  private static String file(Map<String, String> files, JsonNode suite, String member) {
    var text = files.get(suite.path(member).asString());
    if (text == null) {
      throw new IllegalStateException("the archive lacks " + suite.path(member));
    }
    return text;
  }

  private record Answer(String decision, Set<String> reasons, Set<String> errors) {}

  private static Answer expected(JsonNode request) {
    return new Answer(
        request.path("decision").asString(),
        texts(request.path("reason")),
        texts(request.path("errors")));
  }

  private static Answer actual(PolicySet policies, Entities entities, JsonNode json) {
    var request =
        new Request(
            Cedar.uid(json.path("principal")),
            Cedar.uid(json.path("action")),
            Cedar.uid(json.path("resource")),
            Cedar.members(json.path("context")));
    Decision decision = policies.decide(request, entities, Combination.CEDAR);
    return new Answer(
        decision.word(),
        ids(decision.because()),
        ids(decision.errors().stream().map(PolicyError::policy).toList()));
  }

  private static Set<String> ids(List<PolicyId> ids) {
    var texts = new TreeSet<String>();
    ids.forEach(id -> texts.add(id.value()));
    return texts;
  }

  private static Set<String> texts(JsonNode array) {
    var texts = new TreeSet<String>();
    array.forEach(text -> texts.add(text.asString()));
    return texts;
  }
}
