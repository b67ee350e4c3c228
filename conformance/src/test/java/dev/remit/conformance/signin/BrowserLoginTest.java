package dev.remit.conformance.signin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.remit.conformance.bench.BenchManifests;
import dev.remit.conformance.bench.FastUpstream;
import dev.remit.conformance.browser.Chromium;
import dev.remit.conformance.harness.FreePort;
import dev.remit.conformance.harness.RemitProcess;
import dev.remit.conformance.harness.Workload;
import dev.remit.conformance.node.NodeTools;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The official TypeScript SDK, unmodified, logs in by itself: it is told a resource's address, and
/// a person does their part in a real browser. Runs where npm and Chromium are installed.
class BrowserLoginTest {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final String PASSWORD = "correct horse battery staple";

  @Test
  @Tag("R16")
  @Tag("R57")
  void a_person_lets_an_agent_act_for_them_and_the_client_calls_its_tool(@TempDir Path folder)
      throws Exception {
    folder.toFile().setExecutable(true, false);
    NodeTools.Ready node =
        switch (NodeTools.prepare()) {
          case NodeTools.Ready ready -> ready;
          case NodeTools.Missing(var why) -> abort("skipped: " + why);
        };
    int port = FreePort.find();
    try (var browser =
            Chromium.open(folder.resolve("profile"))
                .orElseGet(() -> abort("skipped: Chromium is not installed"));
        var site = new ClientSite(folder, "http://127.0.0.1/callback");
        var upstream = FastUpstream.start();
        var remit =
            RemitProcess.startWith(
                site.trusting(), folder.resolve("data"), "--config", settings(folder).toString())) {
      remit.admin().apply(manifests(upstream.url()));
      choosePassword(browser, remit);
      var client = client(node, folder, remit, site.id(), port);
      var lines =
          new BufferedReader(
              new InputStreamReader(client.getInputStream(), StandardCharsets.UTF_8));

      browser.open(URI.create(line(lines, folder).path("open").stringValue()));
      agree(browser);
      var said = line(lines, folder);

      assertThat(said.at("/result/content/0/text").asString("")).isEqualTo("ok");
      assertThat(said.at("/claims/sub").asString("")).isEqualTo("sam");
      assertThat(said.at("/claims/act/sub").asString(""))
          .isEqualTo("spiffe://remit.local/bench/bench-agent");
      assertThat(said.path("refreshable").asBoolean(false)).isTrue();
      assertThat(said.path("asked").toString())
          .isEqualTo(
              "[\"/mcp/fast\",\"/.well-known/oauth-protected-resource/mcp/fast\","
                  + "\"/.well-known/oauth-authorization-server\",\"/oauth2/token\"]");
      assertThat(client.waitFor()).isZero();
    }
  }

  /// The administrator makes a link; the person opens it.
  private static void choosePassword(Chromium browser, RemitProcess remit) throws IOException {
    var answer =
        remit
            .admin()
            .exchange(
                remit.admin().request("/v1/people/sam/invitation").POST(BodyPublishers.noBody()));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
    browser.open(URI.create(JSON.readTree(answer.body()).path("link").stringValue()));
    browser.type("password", PASSWORD);
    browser.click("button");
    browser.awaitTrue("document.body.innerText.includes('The password is set')");
  }

  private static void agree(Chromium browser) throws IOException {
    browser.awaitTrue("document.querySelector('[type=password]') !== null");
    shoot(browser, "sign-in");
    browser.type("name", "sam");
    browser.type("password", PASSWORD);
    browser.click("button");
    browser.awaitTrue("document.body.innerText.includes('act for you?')");
    shoot(browser, "consent");
    browser.click("[value=allow]");
    browser.awaitTrue("document.title === 'done'");
  }

  /// Kept where `-Dremit.screenshots` says, to be looked at.
  private static void shoot(Chromium browser, String name) throws IOException {
    var folder = System.getProperty("remit.screenshots", "");
    if (!folder.isEmpty()) {
      Files.write(Path.of(folder, name + ".png"), browser.screenshot());
    }
  }

  private static Process client(
      NodeTools.Ready node, Path folder, RemitProcess remit, URI id, int port) throws IOException {
    var given = JSON.createObjectNode();
    given.put("url", remit.address() + "/mcp/fast").put("client", id.toString());
    given.put("port", port).put("tool", "echo").putObject("arguments").put("n", 1);
    return new ProcessBuilder(
            List.of(node.node().toString(), "sign-in-by-browser.mjs", given.toString()))
        .directory(node.modules().resolveSibling("").toFile())
        .redirectError(folder.resolve("client.log").toFile())
        .start();
  }

  private static JsonNode line(BufferedReader lines, Path folder) throws IOException {
    var line = lines.readLine();
    if (line == null) {
      throw new AssertionError(Files.readString(folder.resolve("client.log")));
    }
    return JSON.readTree(line);
  }

  private static Path settings(Path folder) throws IOException {
    return Files.writeString(folder.resolve("remit.yaml"), "signIn: {privateClients: true}\n");
  }

  /// The agent of the benchmarks, which nothing but a person's sign-in vouches for.
  private static String manifests(String upstream) {
    var text =
        BenchManifests.text(Workload.fresh("spiffe://remit.local/bench/bench-agent"), upstream);
    var vouched = text.replaceFirst("- privateKeyJwt: .*", "- signIn: {people: [sam]}");
    return vouched
        + """
        ---
        apiVersion: remit.dev/v1
        kind: Person
        metadata: {name: sam}
        spec: {displayName: Sam, email: sam@example.org, roles: [], standing: active}
        """;
  }
}
