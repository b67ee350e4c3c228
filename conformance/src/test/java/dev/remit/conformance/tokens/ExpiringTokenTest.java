package dev.remit.conformance.tokens;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.remit.conformance.bench.BenchManifests;
import dev.remit.conformance.bench.FastUpstream;
import dev.remit.conformance.harness.RemitProcess;
import dev.remit.conformance.harness.Workload;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A token runs out while the gateway runs, and while the gateway remembers that it was good.
class ExpiringTokenTest {
  private static final String SHORT_LIVES =
      """
      tokens:
        clockSkew: 1s
        lifetimes:
          agent: {actsAlone: 3s}
      """;

  @Test
  @Tag("R57")
  @Tag("R60")
  void a_token_that_has_run_out_is_refused_and_a_new_one_is_not(@TempDir Path folder)
      throws IOException {
    folder.toFile().setExecutable(true, false);
    var config = Files.writeString(folder.resolve("remit.yaml"), SHORT_LIVES);
    try (var upstream = FastUpstream.start();
        var remit = RemitProcess.start(folder.resolve("data"), "--config", config.toString())) {
      var workload = Workload.fresh("spiffe://remit.local/bench/bench-agent");
      remit.admin().apply(BenchManifests.text(workload, upstream.url()));
      var token = workload.start(remit.address(), "fast", "measure", List.of());
      assertThat(EchoCall.of(remit, token.value()).statusCode()).isEqualTo(200);

      var refused =
          await()
              .atMost(Duration.ofSeconds(15))
              .until(() -> EchoCall.of(remit, token.value()), answer -> answer.statusCode() != 200);
      long arrived = upstream.calls();
      var again = EchoCall.of(remit, token.value());

      assertThat(token.expiresInSeconds()).isLessThanOrEqualTo(3);
      assertThat(refused.statusCode()).isEqualTo(401);
      assertThat(refused.headers().firstValue("WWW-Authenticate").orElse(""))
          .contains("error=\"invalid_token\"", "expired", "resource_metadata=");
      assertThat(again.statusCode()).isEqualTo(401);
      assertThat(upstream.calls()).isEqualTo(arrived);
      var fresh = workload.start(remit.address(), "fast", "measure", List.of());
      assertThat(EchoCall.of(remit, fresh.value()).statusCode()).isEqualTo(200);
    }
  }
}
