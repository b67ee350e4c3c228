package dev.remit.conformance.timestamps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.remit.conformance.bench.BenchManifests;
import dev.remit.conformance.harness.Cli;
import dev.remit.conformance.harness.RemitProcess;
import dev.remit.conformance.harness.Workload;
import dev.remit.conformance.timestamps.OpenSslAuthority.Mood;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The word of a timestamp authority is kept beside checkpoints, taken along, and checked by us and
/// by stock OpenSSL; an authority that fails fails alone.
@Tag("R203")
class TimestampsTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @TempDir private static Path folder;

  private static OpenSslAuthority authority;
  private static RemitProcess remit;
  private static Workload workload;
  private static Cli cli;

  @BeforeAll
  static void a_server_with_an_authority() throws IOException {
    folder.toFile().setExecutable(true, false);
    authority =
        OpenSslAuthority.start(folder.resolve("authority"))
            .orElseGet(() -> abort("skipped: OpenSSL is not installed"));
    var config = folder.resolve("remit.yaml");
    Files.writeString(
        config,
        "ledger: {timestamps: {url: '%s', interval: 1s, answerWithin: 2s}}\n"
            .formatted(authority.url()));
    remit = RemitProcess.start(folder.resolve("data"), "--config", config.toString());
    workload = Workload.fresh("spiffe://remit.local/bench/bench-agent");
    remit.admin().apply(BenchManifests.text(workload, "http://127.0.0.1:1/mcp"));
    cli = Cli.of(folder, remit.address(), remit.admin().token());
  }

  @AfterAll
  static void stop() {
    if (remit != null) {
      remit.close();
    }
    if (authority != null) {
      authority.close();
    }
  }

  @Test
  void a_stamped_checkpoint_is_served_exported_and_believed_by_openssl_and_by_us()
      throws IOException {
    var line = newlyStamped();

    var note = Files.write(folder.resolve("note"), decoded(line, 0));
    var reply = Files.write(folder.resolve("reply"), decoded(line, 1));
    assertThat(authority.verify(note, reply).output()).contains("Verification: OK");
    Files.write(note, new byte[] {'x'}, StandardOpenOption.APPEND);
    assertThat(authority.verify(note, reply).output()).contains("Verification: FAILED");

    assertThat(cli.run("ledger", "export", "log").status()).isZero();
    var believed =
        cli.run("verify", "log", "--tsa-certificate", authority.certificate().toString());
    assertThat(believed.status()).as(believed.output()).isZero();
    assertThat(believed.output()).contains("entries was there at", "says `CN=tsa`");
    assertThat(cli.run("verify", "log").output()).contains("see --tsa-certificate");
    assertThat(
            cli.run("verify", "log", "--tsa-certificate", authority.issuer().toString()).output())
        .contains("names none of the certificates given");
    System.out.println("timestamps: " + lines().size() + " checkpoints stamped and believed");
  }

  @Test
  void a_bundle_of_a_stamped_checkpoint_holds_its_timestamp() throws IOException {
    newlyStamped();
    await().atMost(PATIENCE).until(() -> !lines("/v1/logs/root/timestamps").isEmpty());
    var stamped = lines("/v1/logs/root/timestamps").getLast();
    var size = new String(decoded(stamped, 0), StandardCharsets.UTF_8);
    var asked = List.of("evidence", "export", "--workflow", "bench", "--file", "stamped.zip");
    var made = cli.run(with(asked, "--size", size.lines().skip(1).findFirst().orElseThrow()));
    assertThat(made.status()).as(made.output() + remit.log()).isZero();

    var certificate = authority.certificate().toString();
    var said = cli.run("verify", "stamped.zip", "--tsa-certificate", certificate);

    assertThat(said.status()).as(said.output()).isZero();
    assertThat(said.output()).contains("says `CN=tsa`", "the bundle holds");
  }

  @Test
  void a_timestamp_of_something_else_or_a_changed_one_is_damage() throws IOException {
    newlyStamped();
    assertThat(cli.run("ledger", "export", "changed").status()).isZero();
    var file = folder.resolve("changed/timestamps");
    var lines = Files.readAllLines(file);
    var reply = decoded(lines.getFirst(), 1);
    reply[reply.length - 1] ^= 1;
    var base64 = Base64.getEncoder();
    Files.writeString(
        file, lines.getFirst().split(" ", 2)[0] + " " + base64.encodeToString(reply) + "\n");

    var certificate = authority.certificate().toString();
    var said = cli.run("verify", "changed", "--tsa-certificate", certificate);

    assertThat(said.status()).isEqualTo(1);
    assertThat(said.output()).contains("`timestamps` line 1", "the signature of `CN=tsa` is wrong");
  }

  @Test
  void an_authority_that_fails_is_named_with_its_failure_and_nothing_waits_for_it() {
    newlyStamped();
    fails(Mood.ABSENT_MINDED, "it stamped something else than the checkpoint");
    fails(Mood.MISHEARING, "it answered another request: the nonce is not ours");
    fails(Mood.REFUSING, "the authority refused with status 2");
    fails(Mood.BABBLING, "its answer is no timestamp");
    fails(Mood.ENDLESS, "it answered more than 65536 bytes");
    fails(Mood.OUT_OF_ORDER, "it answered with status 503");
    fails(Mood.SLOW, "it did not answer within PT2S");
    fails(Mood.GONE, "it cannot be reached");

    authority.becomes(Mood.HONEST);
    newlyStamped();
    assertThat(remit.log()).contains("stamps checkpoints again");
  }

  private static void fails(Mood mood, String message) {
    authority.becomes(mood);
    int before = lines().size();
    workload.start(remit.address(), "fast", "measure", List.of());
    await().atMost(PATIENCE).until(() -> remit.log().contains(message));
    assertThat(lines()).hasSize(before);
  }

  /// Records something, and waits until a checkpoint is stamped that was not before.
  private static String newlyStamped() {
    int before = lines().size();
    workload.start(remit.address(), "fast", "measure", List.of());
    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThat(lines()).as(remit::log).hasSizeGreaterThan(before));
    return lines().getLast();
  }

  private static List<String> lines() {
    return lines("/v1/ledger/timestamps");
  }

  private static List<String> lines(String path) {
    var admin = remit.admin();
    return admin.exchange(admin.request(path).GET()).body().lines().toList();
  }

  private static byte[] decoded(String line, int part) {
    return Base64.getDecoder().decode(line.split(" ", 2)[part]);
  }

  private static String[] with(List<String> arguments, String... more) {
    return Stream.concat(arguments.stream(), Arrays.stream(more)).toArray(String[]::new);
  }
}
