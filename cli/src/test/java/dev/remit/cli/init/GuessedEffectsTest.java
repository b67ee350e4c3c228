package dev.remit.cli.init;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;

class GuessedEffectsTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "read_file     | {\"readOnlyHint\":true}                          | [read]",
        "get-env       | {\"readOnlyHint\":true}                          | [read, secrets]",
        "run_command   | {\"readOnlyHint\":true}                          | [write, code-execution]",
        "deleteFile    | {\"readOnlyHint\":false}                         | [write, destructive]",
        "append        | {\"readOnlyHint\":false,\"destructiveHint\":false} | [write]",
        "append        | {\"readOnlyHint\":false}                         | [write, destructive]",
        "whatever      | {}                                              | [write, destructive]",
      })
  void a_guess_errs_on_the_grave_side(String name, String annotations, String effects) {
    var tool = JsonMapper.shared().createObjectNode().put("name", name);
    tool.set("annotations", JsonMapper.shared().readTree(annotations));

    assertThat(GuessedEffects.of(tool).written()).isEqualTo(effects);
  }
}
