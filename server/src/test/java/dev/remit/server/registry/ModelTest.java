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
