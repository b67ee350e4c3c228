package dev.remit.cli.init;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.cli.TestTerminal;
import dev.remit.kernel.identity.ToolDefinition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@Tag("R60")
class InitTest {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final String SECRET = "ghp_0123456789abcdefghijklmnopqrstuvwx";

  @TempDir private Path root;
  private Path project;
  private FakeVault vault;
  private TestTerminal terminal;

  @BeforeEach
  void start() throws Exception {
    project = Files.createDirectory(root.resolve("Invoices App"));
    vault = new FakeVault();
    terminal =
        new TestTerminal(project)
            .with("REMIT_ADDR", vault.address())
            .with("REMIT_TOKEN", "operator");
  }

  @AfterEach
  void stop() {
    vault.close();
  }

  private void configure(Map<String, Object> entry) throws IOException {
    Files.writeString(
        project.resolve(".mcp.json"),
        JSON.writeValueAsString(Map.of("mcpServers", Map.of("My Files", entry))));
  }

  private static Map<String, Object> entryWith(String member, Object value) {
    var entry = new HashMap<>(SmallServer.entry());
    entry.put(member, value);
    return entry;
  }

  private void configureWithSecret() throws IOException {
    configure(
        entryWith("env", Map.of("SERVICE_TOKEN", SECRET, "EXPECTED_SECRET", SECRET, "MODE", "a")));
  }

  private List<JsonNode> documents(String file) throws IOException {
    var found = new ArrayList<JsonNode>();
    var text = Files.readString(project.resolve("remit").resolve(file));
    for (var document : new Load(LoadSettings.builder().build()).loadAllFromString(text)) {
      found.add(JSON.valueToTree(document));
    }
    return found;
  }

  private JsonNode document(String file, String kind) throws IOException {
    return documents(file).stream()
        .filter(one -> one.path("kind").asString().equals(kind))
        .findFirst()
        .orElseThrow()
        .path("spec");
  }

  private List<String> snapshot() throws IOException {
    try (var files = Files.walk(root)) {
      return files.filter(Files::isRegularFile).map(Path::toString).sorted().toList();
    }
  }

  @Test
  void everything_a_server_offers_is_declared_with_its_definition_pinned() throws Exception {
    configure(SmallServer.entry());

    int code = terminal.run("init", "--from", ".mcp.json");

    assertThat(code).as(terminal.err()).isZero();
    var kinds = documents("server-my-files.yaml").stream().map(one -> one.path("kind").asString());
    assertThat(kinds).containsExactly("Resource", "Tool", "Tool", "Grant", "Policy");
    var tool = document("server-my-files.yaml", "Tool");
    var listed = JSON.readTree(SmallServer.TOOLS).path(0);
    assertThat(tool.path("definition").path("digest").asString())
        .isEqualTo(ToolDefinition.digest(listed).value());
    assertThat(tool.path("definition").path("inputSchema")).isEqualTo(listed.path("inputSchema"));
    assertThat(tool.path("effects").toString()).isEqualTo("[\"read\"]");
    var grant = document("server-my-files.yaml", "Grant");
    assertThat(grant.path("tools").toString()).isEqualTo("[\"read_file\",\"delete_file\"]");
    assertThat(grant.path("reads").toString())
        .isEqualTo("[\"file:///notes.txt\",\"file:///logs/*\"]");
    var workflow = documents("workflow.yaml").getFirst();
    assertThat(workflow.path("metadata").path("name").asString()).isEqualTo("invoices-app");
    assertThat(workflow.path("spec").path("owner").asString()).isEqualTo("anna");
  }

  @Test
  void guesses_are_called_guesses() throws Exception {
    configure(SmallServer.entry());

    terminal.run("init", "--from", ".mcp.json");

    assertThat(Files.readString(project.resolve("remit/server-my-files.yaml")))
        .contains("# a guess, please review: the server says readOnlyHint");
    assertThat(terminal.out())
        .contains("1 may destroy, run code or show secrets")
        .contains("are guesses");
  }

  @Test
  void a_secret_moves_into_the_store_marked_for_rotation_and_is_shown_nowhere() throws Exception {
    configureWithSecret();

    int code = terminal.run("init", "--from", ".mcp.json", "--write");

    assertThat(code).as(terminal.out() + terminal.err()).isZero();
    assertThat(JSON.readTree(vault.stored.get("my-files.SERVICE_TOKEN")))
        .isEqualTo(JSON.readTree("{\"value\":\"" + SECRET + "\",\"rotate\":true}"));
    var env =
        document("server-my-files.yaml", "Resource").path("upstream").path("stdio").path("env");
    assertThat(env.path("SERVICE_TOKEN").path("secret").asString())
        .isEqualTo("my-files.SERVICE_TOKEN");
    assertThat(env.path("MODE").asString()).isEqualTo("a");
    assertThat(terminal.out() + terminal.err()).doesNotContain(SECRET);
    assertThat(Files.readString(project.resolve("remit/server-my-files.yaml")))
        .doesNotContain(SECRET);
    assertThat(Files.readString(project.resolve(".mcp.json"))).doesNotContain(SECRET);
  }

  @Test
  void a_secret_among_the_arguments_is_put_in_its_place_by_a_shell() throws Exception {
    var args = new ArrayList<Object>((List<?>) SmallServer.entry().get("args"));
    args.add(SECRET);
    var entry = entryWith("args", args);
    entry.put("env", Map.of("EXPECTED_SECRET", SECRET));
    configure(entry);

    int code = terminal.run("init", "--from", ".mcp.json");

    assertThat(code).as(terminal.out() + terminal.err()).isZero();
    var stdio = document("server-my-files.yaml", "Resource").path("upstream").path("stdio");
    assertThat(stdio.path("command").asString()).isEqualTo("sh");
    assertThat(stdio.toString()).doesNotContain(SECRET);
  }

  @Test
  void without_a_server_secrets_have_no_place_and_nothing_is_written() throws Exception {
    configureWithSecret();
    vault.close();
    var before = snapshot();

    int code = terminal.run("init", "--from", ".mcp.json", "--write");

    assertThat(code).isEqualTo(1);
    assertThat(terminal.err())
        .contains("found 2 secrets, but they cannot be stored: no server at")
        .contains("nothing was written")
        .contains("remit serve");
    assertThat(snapshot()).isEqualTo(before);
  }

  @Test
  void with_write_the_client_starts_the_bridge_and_a_private_copy_is_kept() throws Exception {
    configureWithSecret();
    var before = Files.readString(project.resolve(".mcp.json"));

    terminal.run("init", "--from", ".mcp.json", "--write");

    var entry =
        JSON.readTree(Files.readString(project.resolve(".mcp.json"))).at("/mcpServers/My Files");
    assertThat(entry)
        .isEqualTo(
            JSON.readTree(
                "{\"command\":\"remit\",\"args\":"
                    + "[\"connect\",\"my-files\",\"--identity\",\"invoices-app-agent\"]}"));
    var copy = project.resolve(".mcp.json.before-remit");
    assertThat(copy).hasContent(before);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(copy)))
        .isEqualTo("rw-------");
  }

  @Test
  void running_it_again_changes_nothing() throws Exception {
    configure(SmallServer.entry());
    terminal.run("init", "--from", ".mcp.json", "--write");
    var before = snapshot();
    var texts = new ArrayList<String>();
    for (var file : before) {
      texts.add(Files.readString(Path.of(file)));
    }

    int code = terminal.run("init", "--from", ".mcp.json", "--write");

    assertThat(code).isZero();
    assertThat(terminal.out()).contains("My Files: goes through Remit already");
    assertThat(snapshot()).isEqualTo(before);
    for (int i = 0; i < before.size(); i++) {
      assertThat(Path.of(before.get(i))).hasContent(texts.get(i));
    }
  }

  @Test
  void a_manifest_that_somebody_edited_is_kept_and_so_is_the_key() throws Exception {
    configure(SmallServer.entry());
    terminal.run("init", "--from", ".mcp.json");
    var edited = project.resolve("remit/server-my-files.yaml");
    Files.writeString(edited, "# mine\n");
    var workflow = Files.readString(project.resolve("remit/workflow.yaml"));

    terminal.run("init", "--from", ".mcp.json");

    assertThat(edited).hasContent("# mine\n");
    assertThat(project.resolve("remit/workflow.yaml")).hasContent(workflow);
    assertThat(terminal.out()).contains("kept   remit/server-my-files.yaml");
  }

  @Test
  void the_key_is_private_and_only_its_public_half_is_declared() throws Exception {
    configure(SmallServer.entry());

    terminal.run("init", "--from", ".mcp.json");

    var file = project.resolve("home/keys/invoices-app-agent.json");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    var declared =
        document("workflow.yaml", "Identity").at("/authenticatesBy/0/privateKeyJwt/jwks/keys/0");
    var held = JSON.readTree(Files.readString(file)).path("key");
    assertThat(declared.has("d")).isFalse();
    assertThat(declared.path("x")).isEqualTo(held.path("x"));
  }

  @Test
  void a_server_that_does_not_start_is_left_alone_with_its_own_words() throws Exception {
    configure(entryWith("env", Map.of("EXPECTED_SECRET", "something else entirely")));

    int code = terminal.run("init", "--from", ".mcp.json", "--write");

    assertThat(code).isEqualTo(1);
    assertThat(terminal.out())
        .contains("My Files: LEFT AS IT IS; it ended with exit code 3")
        .contains("the token is wrong");
    assertThat(Files.exists(project.resolve("remit"))).isFalse();
  }

  @Test
  void what_the_client_would_ask_its_user_must_be_given_another_way() throws Exception {
    var directory = Files.createDirectory(project.resolve(".vscode"));
    var entry =
        entryWith("env", Map.of("SERVICE_TOKEN", "${input:api-key}", "EXPECTED_SECRET", SECRET));
    Files.writeString(
        directory.resolve("mcp.json"),
        "{ // VS Code\n \"inputs\": [{\"id\": \"api-key\"},],\n \"servers\": {\"files\": "
            + JSON.writeValueAsString(entry)
            + ",},\n}\n");

    terminal.run("init", "--from", ".vscode/mcp.json");
    int second =
        terminal.with("REMIT_INPUT_API_KEY", SECRET).run("init", "--from", ".vscode/mcp.json");

    assertThat(terminal.out()).contains("environment variable REMIT_INPUT_API_KEY");
    assertThat(second).as(terminal.out() + terminal.err()).isZero();
    assertThat(vault.stored).containsKey("files.SERVICE_TOKEN");
  }

  @Test
  void without_a_server_the_owner_is_declared_too() throws Exception {
    vault.close();
    configure(SmallServer.entry());

    int code = terminal.run("init", "--from", ".mcp.json", "--owner", "bert");

    assertThat(code).isZero();
    assertThat(documents("person.yaml").getFirst().at("/metadata/name").asString())
        .isEqualTo("bert");
    assertThat(documents("person.yaml").getFirst().at("/spec/roles").valueStream())
        .as("who agrees to the grants that are written beside")
        .extracting(JsonNode::asString)
        .contains("owner", "approver");
  }

  @Test
  void a_file_of_something_else_is_refused_in_words() throws Exception {
    Files.writeString(project.resolve("x.json"), "{\n  \"a\": }\n");

    int code = terminal.run("init", "--from", "x.json");

    assertThat(code).isEqualTo(1);
    assertThat(terminal.err()).contains("is not JSON: line 2, column 8");
  }
}
