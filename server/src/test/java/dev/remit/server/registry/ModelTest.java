package dev.remit.server.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.kernel.identity.Lifecycle;
import dev.remit.kernel.identity.ModelName;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Models and classes of data, which policies look at.
@Tag("R15")
class ModelTest {
  private static final String MODEL =
      """
      apiVersion: remit.dev/v1
      kind: Model
      metadata: {name: clerk}
      spec:
        provider: example
        model: clerk-large
        version: "2026-10-01"
        lifecycle: beta
        parameters: {temperature: "0.2"}
        contextWindow: 200000
        safety: {refusals: strict}
      """;

  private final RegistryWorld world = new RegistryWorld();

  @BeforeEach
  void a_model() {
    world.given(Manifests.all());
    world.given(MODEL);
  }

  @AfterEach
  void everything_is_on_record() {
    world.close();
  }

  @Test
  void an_identity_names_the_model_that_decides_for_it() {
    world.given(Manifests.AGENT + "  model: clerk\n");

    var model = world.registry.current().model(new ModelName("clerk")).orElseThrow();
    assertThat(model.lifecycle()).isEqualTo(Lifecycle.BETA);
    assertThat(world.refusals(Manifests.AGENT + "  model: cleark\n")).containsExactly("link");
  }

  @ParameterizedTest
  @CsvSource({
    "provider: example, provider: other",
    "model: clerk-large, model: clerk-small",
    "version: \"2026-10-01\", version: \"2026-11-01\"",
    "temperature: \"0.2\", temperature: \"0.3\"",
    "contextWindow: 200000, contextWindow: 400000",
    "refusals: strict, refusals: lax"
  })
  void whatever_makes_it_answer_otherwise_changes_its_fingerprint(String was, String is) {
    var before = fingerprint();

    world.given(MODEL.replace(was, is));

    assertThat(fingerprint()).isNotEqualTo(before);
  }

  @Test
  void its_lifecycle_does_not_change_its_fingerprint() {
    var before = fingerprint();

    world.given(MODEL.replace("lifecycle: beta", "lifecycle: ga"));

    assertThat(fingerprint()).isEqualTo(before);
  }

  @Test
  void a_class_of_data_says_how_sensitive_it_is() {
    world.given(dataClass("internal", 40));

    assertThat(world.registry.current().dataClasses())
        .containsExactly(new DataClass("internal", "what stays in the house", 40));
    assertThat(world.refusals(dataClass("internal", 101))).containsExactly("form");
  }

  @Test
  void an_amount_is_a_number_of_the_reviewed_schema() {
    var refused = world.refusals(Manifests.READ + "  amount: total\n");

    assertThat(refused).containsExactly("R83");
  }

  @Test
  @Tag("R111")
  void a_model_answers_where_models_are_and_nowhere_else() {
    assertThat(world.refusals(MODEL + "  resource: files\n")).containsExactly("R111");

    world.given(LLM);
    world.given(MODEL + "  resource: llm\n");

    var model = world.registry.current().model(new ModelName("clerk")).orElseThrow();
    assertThat(model.resource().orElseThrow().value()).isEqualTo("llm");
    assertThat(world.refusals(LLM.replace("type: models", "type: mcp"))).containsExactly("form");
  }

  @Test
  void a_grant_names_models_where_they_are() {
    world.given(LLM);

    assertThat(world.refusals(grant("files", "[clerk]"))).containsExactly("R111");
    assertThat(world.refusals(grant("llm", "[clerk]"))).containsExactly("R111");
    world.given(MODEL + "  resource: llm\n");
    world.given(grant("llm", "[clerk]"));

    assertThat(world.registry.current().grants())
        .anySatisfy(grant -> assertThat(grant.spending().costPerTaskMicros()).isEqualTo(500_000));
  }

  @Test
  void what_a_call_costs_is_rounded_up() {
    var price = new Model.Price(2_500_000, 10_000_000, 1_250_000);

    assertThat(price.of(1, 0, 0)).isEqualTo(3);
    assertThat(price.of(1_000_000, 400_000, 100_000)).isEqualTo(1_500_000 + 500_000 + 1_000_000);
    assertThat(price.of(Long.MAX_VALUE, 0, Long.MAX_VALUE)).isPositive();
  }

  private static final String LLM =
      """
      apiVersion: remit.dev/v1
      kind: Resource
      metadata: {name: llm}
      spec:
        type: models
        environment: test
        upstream:
          models:
            url: https://models.example/v1
            dialects: [openai, anthropic]
      """;

  private static String grant(String resource, String models) {
    return """
    apiVersion: remit.dev/v1
    kind: Grant
    metadata: {name: agent-models}
    spec:
      identity: agent
      resource: %s
      models: %s
      limits: {tokensPerTask: 100000, costPerTask: "0.50", asksPerMinute: 10}
      approvedBy: anna
      expires: 2026-12-01
    """
        .formatted(resource, models);
  }

  private String fingerprint() {
    return world
        .registry
        .current()
        .model(new ModelName("clerk"))
        .orElseThrow()
        .fingerprint()
        .value();
  }

  private static String dataClass(String name, int sensitivity) {
    return """
    apiVersion: remit.dev/v1
    kind: DataClass
    metadata: {name: %s}
    spec: {description: what stays in the house, sensitivity: %d}
    """
        .formatted(name, sensitivity);
  }
}
