package dev.remit.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class MainTest {
  @TempDir private Path directory;
  private TestTerminal terminal;

  @BeforeEach
  void start() {
    terminal = new TestTerminal(directory);
  }

  static Iterable<String> names() {
    return Commands.names();
  }

  @Test
  void without_arguments_it_shows_every_command_under_its_group() {
    int code = terminal.run();

    assertThat(code).isZero();
    assertThat(terminal.out()).contains("Start", "Declare", "Watch", "Decide", "Prove");
    assertThat(Commands.names()).allMatch(name -> terminal.out().contains("  " + name + " "));
  }

  @ParameterizedTest
  @MethodSource("names")
  void every_command_explains_itself_in_lines_that_fit(String name) {
    int code = terminal.run(name, "--help");

    assertThat(code).isZero();
    assertThat(terminal.out()).contains("Usage: remit " + name);
    assertThat(terminal.out().lines()).allMatch(line -> line.length() <= 100);
  }

  @Test
  void a_misspelt_command_is_answered_with_the_right_one() {
    int code = terminal.run("aprove");

    assertThat(code).isEqualTo(1);
    assertThat(terminal.err()).contains("approve").contains("remit --help");
  }

  @Test
  void without_a_server_the_remedy_is_to_start_it() {
    int code = terminal.with("REMIT_ADDR", "http://127.0.0.1:1").run("status");

    assertThat(code).isEqualTo(1);
    assertThat(terminal.err())
        .isEqualToNormalizingNewlines(
            """
            error: no server at http://127.0.0.1:1
              remedy: start it with `remit serve`, or set REMIT_ADDR
            """);
  }

  @ParameterizedTest
  @ValueSource(strings = {"ftp://x", "nonsense", "http://"})
  void an_address_that_is_none_is_refused(String address) {
    int code = terminal.with("REMIT_ADDR", address).run("status");

    assertThat(code).isEqualTo(1);
    assertThat(terminal.err()).contains("is not the address of a server");
  }

  @ParameterizedTest
  @ValueSource(strings = {"bash", "zsh", "fish"})
  @Tag("R202")
  void completion_knows_every_command(String shell) {
    int code = terminal.run("completion", shell);

    assertThat(code).isZero();
    assertThat(Commands.names()).allMatch(name -> terminal.out().contains(name));
  }

  /// Writes the page when the property `remit.docs.write` is set, compares otherwise.
  @Test
  void the_reference_page_is_what_the_commands_say() throws Exception {
    var page = Path.of("..", "docs", "reference", "cli.md");
    var text = ReferencePage.text();
    if (Boolean.getBoolean("remit.docs.write")) {
      Files.createDirectories(page.getParent());
      Files.writeString(page, text);
    }

    assertThat(Files.readString(page))
        .as("out of date; write it anew: mvn -pl cli test -Dtest=MainTest -Dremit.docs.write=true")
        .isEqualTo(text);
  }
}
