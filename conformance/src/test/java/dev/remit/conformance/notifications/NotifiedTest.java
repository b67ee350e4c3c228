package dev.remit.conformance.notifications;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import com.sun.net.httpserver.HttpServer;
import dev.remit.conformance.bench.BenchManifests;
import dev.remit.conformance.bench.FastUpstream;
import dev.remit.conformance.harness.Cli;
import dev.remit.conformance.harness.ModernAgent;
import dev.remit.conformance.harness.RemitProcess;
import dev.remit.conformance.harness.Workload;
import jakarta.mail.MessagingException;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A held call becomes a mail and a chat message, and who asked hears who approved.
@Tag("R17")
@Tag("R93")
@Tag("R171")
@Tag("R172")
class NotifiedTest {
  private static final String PEOPLE =
      """
      apiVersion: remit.dev/v1
      kind: Person
      metadata: {name: anna}
      spec: {displayName: Anna, email: anna@example.org, roles: [owner]}
      ---
      apiVersion: remit.dev/v1
      kind: Person
      metadata: {name: ben}
      spec: {displayName: Ben, email: ben@example.org, roles: [approver, security]}
      """;
  private static final String HOLD =
      """
      ---
      apiVersion: remit.dev/v1
      kind: Policy
      metadata: {name: somebody-looks}
      spec:
        description: Somebody looks at each call first.
        cedar: |
          @hold("approver")
          forbid (principal, action, resource == Tool::"fast/echo") unless { context.approved };
      """;

  @TempDir private Path folder;
  private final GreenMail mail =
      new GreenMail(new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP));
  private final List<String> posts = new CopyOnWriteArrayList<>();
  private final HttpServer chat;

  NotifiedTest() throws IOException {
    chat = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
  }

  @BeforeEach
  void start() {
    folder.toFile().setExecutable(true, false);
    mail.start();
    chat.createContext(
        "/",
        exchange -> {
          posts.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
          exchange.sendResponseHeaders(200, -1);
          exchange.close();
        });
    chat.start();
  }

  @AfterEach
  void stop() {
    chat.stop(0);
    mail.stop();
  }

  @Test
  void a_held_call_is_mailed_and_posted_and_who_asked_hears_who_approved() throws Exception {
    try (var upstream = FastUpstream.start();
        var remit = start(upstream)) {
      var workload = Workload.fresh("spiffe://remit.local/bench/bench-agent");
      var manifests = PEOPLE + "---\n" + BenchManifests.text(workload, upstream.url()) + HOLD;
      remit.admin().apply(manifests.replace("owner: admin", "owner: anna"));
      var token = workload.start(remit.address(), "fast", "measure", List.of());
      var agent = new ModernAgent(remit.address(), "fast");

      var call =
          CompletableFuture.supplyAsync(
              () -> agent.call(token.value(), "echo", "{\"n\":47110815}"));
      var asked = mailTo("ben@example.org");
      var id = link(text(asked));
      remit
          .admin()
          .person("ben")
          .post(
              "/v1/approvals/" + id + "/answer",
              JsonMapper.shared().createObjectNode().put("agree", true).put("reason", "fine"));

      var told = mailTo("anna@example.org");
      assertThat(call.get().statusCode()).isEqualTo(200);
      assertThat(told.getSubject())
          .isEqualTo("[Remit] A held call of workflow `bench` was approved by ben");
      assertThat(text(asked) + text(told) + posts + remit.log()).doesNotContain("47110815");
      await().atMost(Duration.ofSeconds(20)).until(() -> posts.size() >= 2);
      assertThat(button(posts.getFirst())).isEqualTo(remit.address() + "/console/approvals/" + id);
      assertThat(posts.get(1)).contains("was approved by ben");
      assertThat(remit.log()).doesNotContain("of-the-chat");
    }
  }

  @Test
  void a_channel_is_tried_and_listed_without_its_secret() throws Exception {
    try (var upstream = FastUpstream.start();
        var remit = start(upstream)) {
      var cli = Cli.of(folder, remit.address(), remit.admin().token());

      var tried = cli.run("notifications", "test", "chat");
      var listed = cli.run("notifications", "list");

      assertThat(tried.status()).as(tried.output()).isZero();
      assertThat(posts).hasSize(1);
      assertThat(listed.output()).contains("mail", "chat", "slack").doesNotContain("of-the-chat");
    }
  }

  @Test
  void a_change_of_production_waits_until_another_person_agrees() throws Exception {
    try (var upstream = FastUpstream.start();
        var remit = start(upstream)) {
      var workload = Workload.fresh("spiffe://remit.local/bench/bench-agent");
      var pilot = PEOPLE + "---\n" + BenchManifests.text(workload, upstream.url());
      remit.admin().apply(pilot);
      var file = folder.resolve("production.yaml");
      Files.writeString(
          file,
          pilot
              .replace("stage: pilot", "stage: production")
              .replaceAll("  pilotExpires: .*\\n", ""));
      var admin = Cli.of(folder, remit.address(), remit.admin().token());
      var ben = Cli.of(folder, remit.address(), remit.admin().person("ben").token());

      var applied = admin.run("apply", "-f", file.toString());
      var id = applied.output().replaceAll("(?s).*apply-requests agree (\\S+).*", "$1");
      var alone = admin.run("apply-requests", "agree", id, "--reason", "I am sure");
      var agreed = ben.run("apply-requests", "agree", id, "--reason", "looked at it");

      assertThat(applied.status()).as(applied.output()).isEqualTo(3);
      assertThat(alone.status()).isOne();
      assertThat(alone.output()).contains("nobody approves their own request");
      assertThat(agreed.status()).as(agreed.output()).isZero();
      assertThat(remit.admin().get("/v1/registry/workflows/bench").at("/spec/stage").asString(""))
          .isEqualTo("production");
      assertThat(admin.run("apply", "-f", file.toString()).status()).isZero();
      assertThat(mailTo("ben@example.org").getSubject()).contains("waits for a second person");
    }
  }

  private RemitProcess start(FastUpstream upstream) throws IOException {
    var file = folder.resolve("remit.yaml");
    Files.writeString(
        file,
        """
        promotion: {gate: advisory}
        notifications:
          pollEvery: 100ms
          channels:
            - name: mail
              kind: email
              to: smtp://127.0.0.1:%d
              from: remit@example.org
            - name: chat
              kind: slack
        """
            .formatted(mail.getSmtp().getPort()));
    assertThat(upstream.url()).isNotEmpty();
    return RemitProcess.startIn(
        Map.of(
            "REMIT_NOTIFY_CHAT_URL",
            "http://127.0.0.1:" + chat.getAddress().getPort() + "/of-the-chat"),
        folder.resolve("data"),
        "--config",
        file.toString());
  }

  private MimeMessage mailTo(String address) {
    return await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> received(address), Optional::isPresent)
        .orElseThrow();
  }

  private Optional<MimeMessage> received(String address) {
    return Arrays.stream(mail.getReceivedMessages())
        .filter(one -> {
          try {
            return one.getHeader("To", ",").contains(address);
          } catch (MessagingException e) {
            throw new IllegalStateException(e);
          }
        })
        .findFirst();
  }

  private static String text(MimeMessage mail) throws Exception {
    return (String) mail.getContent();
  }

  private static String link(String text) {
    return text.replaceAll("(?s).*/console/approvals/(\\S+).*", "$1");
  }

  private static String button(String post) {
    JsonNode json = JsonMapper.shared().readTree(post);
    return json.findValuesAsString("url").getFirst();
  }
}
