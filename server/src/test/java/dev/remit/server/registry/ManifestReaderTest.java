package dev.remit.server.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.server.registry.ManifestReader.Reading;
import dev.remit.server.registry.shape.Flaw;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ManifestReaderTest {

  @Test
  void every_flaw_has_its_file_line_and_column_and_all_are_told_at_once() {
    var reading =
        read(
            """
            apiVersion: remit.dev/v1
            kind: Person
            metadata: {name: Anna}
            spec:
              displayname: Anna
              roles: [owner, aprover]
              standing: yes
            """);

    assertThat(reading.manifests()).isEmpty();
    assertThat(reading.flaws())
        .extracting(flaw -> flaw.place() + " " + flaw.remedy())
        .containsExactly(
            "a.yaml:3:18 correct it; expected a name",
            "a.yaml:5:3 did you mean `displayName`?",
            "a.yaml:5:3 add `displayName`: how people know them",
            "a.yaml:6:18 did you mean `approver`?",
            "a.yaml:7:13 use one of active, left");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "kind: Persona | did you mean `Person`?",
        "kind: 3 | use one of DataClass, Grant, Identity, Model, Person, Policy, Resource, Tool, Workflow",
        "spec: {} | use one of DataClass, Grant, Identity, Model, Person, Policy, Resource, Tool, Workflow",
        "just text | start with `apiVersion: remit.dev/v1`"
      })
  void a_document_that_is_no_manifest_is_told_so(String text, String remedy) {
    assertThat(read(text).flaws()).extracting(Flaw::remedy).containsExactly(remedy);
  }

  @Test
  void a_key_that_comes_twice_is_refused() {
    var reading = read(Manifests.ANNA.replace("spec: {", "spec: {displayName: Otto, "));

    assertThat(reading.flaws())
        .extracting(Flaw::message)
        .containsExactly("`displayName` comes twice");
  }

  @Test
  void a_thing_that_is_declared_twice_is_refused_at_its_second_place() {
    var reading = read(Manifests.ANNA + "---\n" + Manifests.ANNA);

    assertThat(reading.manifests()).hasSize(1);
    assertThat(reading.flaws().getFirst().place().line()).isEqualTo(8);
    assertThat(reading.flaws().getFirst().message()).contains("first at a.yaml:1:1");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a: &x 1",
        "kind: Person\nmetadata: &m {name: a}\nspec: *m",
        "kind: Person\nspec: {<<: {a: b}}",
        "kind: Person\nspec: !!java.net.URL [x]",
        "a: [1, 2",
        "\t- a",
        "kind: Person\nspec: \u0007",
        "a: b: c"
      })
  void what_yaml_can_do_beyond_plain_data_is_refused(String text) {
    assertThat(read(text).flaws()).isNotEmpty().allMatch(flaw -> flaw.rule().equals("form"));
  }

  @Test
  void nesting_and_size_are_bounded() {
    assertThat(read("[".repeat(100_000)).flaws()).hasSize(1);
    assertThat(read("- ".repeat(50_000) + "a").flaws()).hasSize(1);
    assertThat(read("a: " + "x".repeat(1 << 20)).flaws().getFirst().message())
        .isEqualTo("larger than 1 MiB");
  }

  @Test
  void documents_before_a_syntax_error_are_read() {
    var reading = read(Manifests.ANNA + "---\na: [");

    assertThat(reading.flaws()).hasSize(1);
    assertThat(reading.flaws().getFirst().message()).startsWith("not valid YAML");
  }

  @Test
  void layout_order_and_fallbacks_make_no_difference() {
    var short1 = read(Manifests.ANNA);
    var long1 =
        read(
            """
            # The same, written out
            kind: Person
            apiVersion: remit.dev/v1
            spec:
              roles:
                - approver
                - owner
              standing: active
              email: "anna@example.org"
              displayName: 'Anna Berg'
            metadata:
              name: anna
            """);

    assertThat(long1.manifests().getFirst().spec()).isEqualTo(short1.manifests().getFirst().spec());
  }

  @Test
  void a_tool_is_called_as_it_says() {
    var tool = Manifests.READ.replace("name: files/read_file", "name: files/read");
    var manifest = read(tool).manifests().getFirst();

    assertThat(SpecRules.check(manifest))
        .extracting(Flaw::remedy)
        .containsExactly("call it `files/read_file`");
  }

  private static Reading read(String text) {
    return ManifestReader.read(List.of(new ManifestFile("a.yaml", text)), "remit.local");
  }
}
