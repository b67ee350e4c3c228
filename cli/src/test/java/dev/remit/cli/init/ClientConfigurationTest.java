package dev.remit.cli.init;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ClientConfigurationTest {
  private static final Map<String, List<String>> FILES =
      Map.of("files", List.of("connect", "files"));

  private static ClientConfiguration of(String text) {
    return ClientConfiguration.of(Path.of(".mcp.json"), text);
  }

  @Test
  void only_the_named_entry_changes_and_every_other_byte_stays() {
    var text =
        """
        \uFEFF{
        \t// what we use
          "theme" :  "dark",
          "servers": {
            "files": {
              "type": "stdio",
              "command": "npx", // started by npm
              "args": ["-y", "server"],
              /* asked for */ "alwaysAllow": ["read_file"],
              "env": { "TOKEN": "x" },
            },
            "other" : {"url":"https://example.org/mcp"},
          },
        }
        """;

    var rewritten = of(text).rewritten(FILES);

    assertThat(rewritten)
        .isEqualTo(
            """
            \uFEFF{
            \t// what we use
              "theme" :  "dark",
              "servers": {
                "files": {
                  "type": "stdio",
                  "command": "remit",
                  "args": ["connect", "files"],
                  /* asked for */ "alwaysAllow": ["read_file"]
                },
                "other" : {"url":"https://example.org/mcp"},
              },
            }
            """);
  }

  @Test
  void an_entry_on_one_line_stays_on_one_line() {
    var rewritten =
        of("{\"mcpServers\":{\"files\":{\"command\":\"a\",\"timeout\":5}}}").rewritten(FILES);

    assertThat(rewritten)
        .isEqualTo(
            "{\"mcpServers\":{\"files\":{\"command\": \"remit\",\"args\": [\"connect\","
                + " \"files\"],\"timeout\":5}}}");
  }

  @Test
  void line_ends_of_windows_stay() {
    var rewritten =
        of("{\r\n\"mcpServers\":{\r\n \"files\":{\r\n  \"command\":\"a\"\r\n }}}").rewritten(FILES);

    assertThat(rewritten.replace("\r\n", "")).doesNotContain("\n");
    assertThat(rewritten).contains("\r\n  \"args\"");
  }

  @Test
  void each_way_to_name_a_server_is_understood() {
    var servers =
        of("""
        {"mcp": {"servers": {
          "a": {"command": "x", "args": ["1"], "env": {"N": 5}, "cwd": "/srv"},
          "b": {"type": "http", "url": "https://example.org/mcp", "headers": {"H": "v"}},
          "c": {"type": "sse", "url": "https://example.org/sse"},
          "d": {"command": "/opt/remit/remit", "args": ["connect", "d"]},
          "e": {"command": "x", "envFile": ".env"},
          "f": {}}}}\
        """)
            .configured();

    assertThat(servers.get(0))
        .isEqualTo(
            new ConfiguredServer.Stdio(
                "a", "x", List.of("1"), Map.of("N", "5"), java.util.Optional.of("/srv")));
    assertThat(servers.get(1))
        .isEqualTo(new ConfiguredServer.Http("b", "https://example.org/mcp", Map.of("H", "v")));
    assertThat(servers.get(3)).isEqualTo(new ConfiguredServer.Governed("d"));
    assertThat(List.of(servers.get(2), servers.get(4), servers.get(5)))
        .allMatch(ConfiguredServer.Unusable.class::isInstance);
  }

  @Test
  void what_is_not_json_is_refused_with_its_place() {
    assertThatThrownBy(() -> of("{\"mcpServers\": {\"a\" {}}}"))
        .hasMessageContaining("line 1, column 21");
    assertThatThrownBy(() -> of("[".repeat(5000))).hasMessageContaining("levels");
  }
}
