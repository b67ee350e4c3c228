package dev.remit.conformance.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.remit.conformance.node.NodeTools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// The official TypeScript SDK's client and the MCP Inspector's command line, unmodified, with the
/// npm servers `everything` and `filesystem` behind Remit. Runs where npm is installed.
class LiveClientsTest {

  @Test
  @Tag("R60")
  @Tag("R89")
  void real_clients_reach_what_they_may_and_are_told_why_not(@TempDir Path folder)
      throws IOException, InterruptedException {
    var node = node();
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));

    try (var world = new LiveWorld(node, folder)) {
      theSdkThroughTheBridge(world);
      theSdkAtTheLocalUrl(world);
      theSdkOutsideItsTask(world);
      theInspectorThroughTheBridge(world);
      theInspectorAtTheLocalUrl(world);
      everyReceiptVerifiesWithoutTheServer(world);
    }
  }

  private static void theSdkThroughTheBridge(LiveWorld world)
      throws IOException, InterruptedException {
    var said = world.sdk(world.stdio("everything"), call("echo", "message", "hello"));

    assertThat(names(said.get("tools"))).containsExactlyInAnyOrder("echo", "get-sum");
    assertThat(text(said.at("/results/0"))).contains("hello");
  }

  private static void theSdkAtTheLocalUrl(LiveWorld world)
      throws IOException, InterruptedException {
    var invoice = world.file("invoice.txt").toString();
    var stolen = world.file("stolen.txt").toString();
    try (var front = world.front("files")) {
      var read = world.sdk(world.url(front), call("read_text_file", "path", invoice));
      var wrote = world.sdk(world.url(front), call("write_file", "path", stolen));

      assertThat(names(read.get("tools")))
          .containsExactlyInAnyOrder("read_text_file", "list_directory");
      assertThat(text(read.at("/results/0"))).isEqualTo(LiveWorld.TEXT);
      assertRefused(wrote.at("/results/0"), "not-granted", "files/write_file");
      assertThat(world.file("stolen.txt")).doesNotExist();
    }
  }

  private static void theSdkOutsideItsTask(LiveWorld world)
      throws IOException, InterruptedException {
    var invoice = world.file("invoice.txt").toString();
    var target = world.narrowed("files", List.of("files/list_directory"));

    var said = world.sdk(target, call("read_text_file", "path", invoice));

    assertThat(names(said.get("tools"))).containsExactly("list_directory");
    assertRefused(said.at("/results/0"), "outside-task", "files/read_text_file");
  }

  /// A model reads the text; a program reads the reason.
  private static void assertRefused(JsonNode result, String reason, String tool) {
    assertThat(result.path("isError").asBoolean(false)).as(result.toString()).isTrue();
    assertThat(result.at("/_meta/dev.remit~1refusal/reason").asString("")).isEqualTo(reason);
    assertThat(text(result)).contains(tool).contains("Next:");
  }

  private static void theInspectorThroughTheBridge(LiveWorld world)
      throws IOException, InterruptedException {
    var bridge = world.bridge("files");
    var arguments = new java.util.ArrayList<String>();
    world
        .environment()
        .forEach((name, value) -> arguments.addAll(List.of("-e", name + "=" + value)));
    arguments.addAll(List.of("--method", "tools/list", "--"));
    arguments.addAll(bridge);

    var listed = world.inspector(arguments);

    assertThat(names(listed.get("tools")))
        .containsExactlyInAnyOrder("read_text_file", "list_directory");
  }

  private static void theInspectorAtTheLocalUrl(LiveWorld world)
      throws IOException, InterruptedException {
    try (var front = world.front("everything")) {
      var called =
          world.inspector(
              List.of(
                  front.url().toString(),
                  "--transport",
                  "http",
                  "--method",
                  "tools/call",
                  "--tool-name",
                  "echo",
                  "--tool-arg",
                  "message=hello"));

      assertThat(text(called)).contains("hello");
    }
  }

  private static void everyReceiptVerifiesWithoutTheServer(LiveWorld world) throws IOException {
    var keys = world.cli().folder().resolve("keys.txt");
    var answer = world.remit().admin().exchange(world.remit().admin().request("/v1/ledger/keys"));
    Files.writeString(keys, answer.body());
    assertThat(world.remit().stop()).isZero();

    var receipts = world.receipts();

    assertThat(receipts).hasSizeGreaterThanOrEqualTo(4);
    for (var receipt : receipts) {
      var file = Files.writeString(world.cli().folder().resolve("receipt.txt"), receipt);
      var verified = world.cli().run("verify", file.toString(), "--key", keys.toString());
      assertThat(verified.status()).as(verified.output()).isZero();
    }
  }

  private static String call(String tool, String argument, String value) {
    var content = tool.equals("write_file") ? ", \"content\": \"mine\"" : "";
    return "[{\"name\": \"%s\", \"arguments\": {\"%s\": \"%s\"%s}}]"
        .formatted(tool, argument, value, content);
  }

  private static List<String> names(JsonNode tools) {
    return StreamSupport.stream(tools.spliterator(), false)
        .map(tool -> tool.isString() ? tool.stringValue() : tool.get("name").stringValue())
        .toList();
  }

  private static String text(JsonNode result) {
    return result.at("/content/0/text").asString("");
  }

  private static NodeTools.Ready node() {
    return switch (NodeTools.prepare()) {
      case NodeTools.Ready ready -> ready;
      case NodeTools.Missing(var why) -> abort("skipped: " + why);
    };
  }
}
