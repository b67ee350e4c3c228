package dev.remit.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.remit.server.settings.HostPort;
import dev.remit.server.settings.Reference;
import dev.remit.server.settings.SettingsWrong;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigTest {
  private static final Path PAGE = Path.of("../docs/reference/configuration.md");
  private static final String INTRODUCTION =
      """
      # Configuration

      Written from `server/src/main/java/dev/remit/server/Config.java` by its test; do not edit.

      One YAML file, read once at start: `--config FILE`, or `remit.yaml` in the data directory if it
      is there. An unknown key stops the start. `--data`, `--listen`, `--public-url` and
      `--database-url` win over the file. Secrets come from the environment only:
      `REMIT_DATABASE_PASSWORD`, `REMIT_MASTER_KEY` instead of the key file in the data directory, and
      for each export `REMIT_EXPORT_NAME_KEY`, `_TOKEN` or `_PASSWORD` (its name in capitals, `_` for
      `-`), as the [guide](../guides/exports.md) says; for each channel `REMIT_NOTIFY_NAME_KEY`,
      `_TOKEN`, `_PASSWORD` or `_URL` ([guide](../guides/notifications.md)); for each transmitter of signals
      `REMIT_SIGNALS_NAME_TOKEN`; `REMIT_VAULT_TOKEN` and `REMIT_SECRET_…`, as
      [another](../guides/upstream-credentials.md) does.

      A duration is written `250ms`, `15s`, `5m`, `1h` or `365d`; a size `512B`, `64KiB`, `4MiB` or
      `1GiB`. Every default is local policy, meant to be looked at.

      """;

  @TempDir Path directory;

  /// Every key, default and unit, in the page that operators read.
  @Test
  @Tag("R242")
  void the_reference_page_says_every_key_with_its_default_and_unit() throws IOException {
    var page = (INTRODUCTION + Reference.of(Config.class)).strip() + "\n";
    if (System.getenv().containsKey("REMIT_REWRITE")) {
      Files.createDirectories(PAGE.getParent());
      Files.writeString(PAGE, page);
    }

    assertThat(PAGE)
        .as(
            "out of date; rewrite it with: REMIT_REWRITE=1 mvn -q -pl server -am test"
                + " -Dtest=ConfigTest -Dsurefire.failIfNoSpecifiedTests=false")
        .hasContent(page);
  }

  @Test
  void without_a_file_everything_has_its_default() {
    var config = read();

    assertThat(config.listen()).isEqualTo(new HostPort("127.0.0.1", 8480));
    assertThat(config.database().isPrivate()).isTrue();
    assertThat(config.tokens().lifetimes().agent().actsAlone()).isEqualTo(Duration.ofMinutes(3));
    assertThat(config.tokens().lifetimes().service().actsAlone()).isEqualTo(Duration.ofMinutes(12));
    assertThat(config.listeningAt(config.listen()).publicUrl())
        .isEqualTo(URI.create("http://127.0.0.1:8480"));
  }

  @Test
  void the_file_in_the_data_directory_is_read_and_options_win_over_it() throws IOException {
    file(
        """
        listen: 0.0.0.0:1
        trustDomain: example.org
        tokens:
          lifetimes:
            agent: {actsAlone: 90s}
        """);

    var config = read("--listen", "127.0.0.1:2");

    assertThat(config.listen()).isEqualTo(new HostPort("127.0.0.1", 2));
    assertThat(config.trustDomain()).isEqualTo("example.org");
    assertThat(config.tokens().lifetimes().agent().actsAlone()).isEqualTo(Duration.ofSeconds(90));
    assertThat(config.tokens().lifetimes().agent().answersOnly()).isEqualTo(Duration.ofMinutes(8));
  }

  @Test
  void an_unknown_key_is_named_with_its_line_and_the_nearest_known_one() throws IOException {
    file(
        """
        trustDomain: example.org
        tokens:
          feedStaleAftr: 5s
        """);

    assertThatThrownBy(this::read)
        .isInstanceOf(SettingsWrong.class)
        .hasMessageContaining("remit.yaml:3: unknown key `feedStaleAftr`")
        .hasMessageContaining("did you mean `feedStaleAfter`?");
  }

  @Test
  void a_key_that_was_renamed_is_answered_with_its_new_name() throws IOException {
    file("decisions: {shadowEvery: 10}\n");

    assertThatThrownBy(this::read)
        .hasMessageContaining("unknown key `shadowEvery`; it is called `secondOpinionEvery` now");
  }

  @Test
  void every_mistake_is_said_at_once() throws IOException {
    file(
        """
        listen: nowhere
        ledger:
          batchMax: many
          checkpointEvery: 5 seconds
        database:
          poolMax: 0
        logging: loud
        """);

    assertThatThrownBy(this::read)
        .hasMessageContaining("remit.yaml:1: `listen` is `nowhere`: an address is written like")
        .hasMessageContaining("remit.yaml:3: `batchMax` is `many`: a whole number")
        .hasMessageContaining("remit.yaml:4: `checkpointEvery` is `5 seconds`: a duration")
        .hasMessageContaining("remit.yaml:6: `poolMax` must be 2 to 1000, was 0")
        .hasMessageContaining("remit.yaml:7: `logging` has keys of its own");
  }

  @Test
  void a_timestamp_authority_elsewhere_is_asked_by_https_only() throws IOException {
    file("ledger: {timestamps: {url: 'http://tsa.example/'}}\n");
    assertThatThrownBy(this::read)
        .hasMessageContaining("remit.yaml:1")
        .hasMessageContaining("`http://tsa.example/` is not reached by https");

    file("ledger: {timestamps: {url: 'http://127.0.0.1:3180/'}}\n");
    assertThat(read().ledger().timestamps().url().getPort()).isEqualTo(3180);
  }

  @Test
  void an_export_goes_where_its_format_goes_and_nowhere_in_the_clear() throws IOException {
    file("exports: [{name: a, format: ocsf}]\n");
    assertThatThrownBy(this::read)
        .hasMessageContaining("the export `a` needs either `to` or `file` and nothing else");
    file("exports: [{name: a, format: cloudevents, to: 'http://hooks.example/'}]\n");
    assertThatThrownBy(this::read).hasMessageContaining("is not an https address");
    file("exports: [{name: a, format: cloudevents, to: 'https://user:pw@hooks.example/'}]\n");
    assertThatThrownBy(this::read)
        .hasMessageContaining("without a user")
        .message()
        .doesNotContain("pw@");
    file("exports: [{name: a, format: kafka, brokers: ['k:9092'], topic: t, tls: false}]\n");
    assertThatThrownBy(this::read).hasMessageContaining("`k:9092`").hasMessageContaining("TLS");
    file("exports: [{name: a, format: ocsf, file: x, types: [call.decidid]}]\n");
    assertThatThrownBy(this::read).hasMessageContaining("`call.decidid` is not a type");
    file("exports: [{name: a, format: ocsf, file: x}, {name: a, format: ocsf, file: y}]\n");
    assertThatThrownBy(this::read).hasMessageContaining("two exports have one name");
    file("exports: [{name: A b, format: ocsf, file: x}]\n");
    assertThatThrownBy(this::read).hasMessageContaining("`name` is 1 to 40 of");
  }

  /// What people copy works.
  @Test
  void the_guides_example_of_exports_is_understood() throws IOException {
    var guide = Files.readString(Path.of("../docs/guides/exports.md"));
    int from = guide.indexOf("```yaml\n") + "```yaml\n".length();
    file(guide.substring(from, guide.indexOf("```", from)));
    var key = "whsec_" + "A".repeat(32);

    var exports =
        ExportSettings.of(
            read().listeningAt(new HostPort("127.0.0.1", 1)),
            Map.of("REMIT_EXPORT_PAYMENTS_HOOK_KEY", key));

    assertThat(exports.stream().map(export -> export.name() + " " + export.target().format()))
        .containsExactly(
            "siem ocsf",
            "archive ocsf",
            "traces opentelemetry",
            "payments-hook cloudevents",
            "stream kafka");
    assertThat(exports.get(3).fromNow()).isTrue();
    assertThat(exports.toString()).doesNotContain("AAAA");
  }

  @Test
  void a_webhook_without_a_good_key_does_not_start_and_the_key_is_not_shown() throws IOException {
    file("exports: [{name: team-hooks, format: cloudevents, to: 'https://hooks.example/'}]\n");
    var config = read();

    assertThatThrownBy(() -> ExportSettings.of(config, Map.of()))
        .isInstanceOf(SettingsWrong.class)
        .hasMessageContaining("REMIT_EXPORT_TEAM_HOOKS_KEY is not set");
    var wrong = Map.of("REMIT_EXPORT_TEAM_HOOKS_KEY", "whsec_c2hvcnQ=");
    assertThatThrownBy(() -> ExportSettings.of(config, wrong))
        .hasMessageContaining("24 to 64 random bytes")
        .message()
        .doesNotContain("c2hvcnQ");
  }

  @Test
  void a_key_that_comes_twice_and_a_broken_file_are_named_with_their_line() throws IOException {
    file("trustDomain: a\ntrustDomain: b\n");
    assertThatThrownBy(this::read)
        .hasMessageContaining("remit.yaml:2")
        .hasMessageContaining("twice");

    file("trustDomain: [a\n");
    assertThatThrownBy(this::read).hasMessageContaining("remit.yaml:");
  }

  @Test
  void an_option_that_does_not_exist_or_lacks_its_value_is_refused() {
    assertThatThrownBy(() -> read("--databse-url", "x"))
        .isInstanceOf(SettingsWrong.class)
        .hasMessageContaining("unknown option `--databse-url`");
    assertThatThrownBy(() -> read("--listen"))
        .isInstanceOf(SettingsWrong.class)
        .hasMessageContaining("`--listen` needs a value");
  }

  @Test
  void a_file_that_was_asked_for_and_is_not_there_stops_the_start() {
    assertThatThrownBy(() -> read("--config", directory.resolve("none.yaml").toString()))
        .isInstanceOf(SettingsWrong.class)
        .hasMessageContaining("none.yaml: cannot be read");
  }

  private void file(String text) throws IOException {
    Files.writeString(directory.resolve("remit.yaml"), text);
  }

  private Config read(String... more) {
    var arguments = new ArrayList<>(List.of("--data", directory.toString()));
    arguments.addAll(List.of(more));
    return ConfigSource.read(arguments);
  }
}
