package dev.remit.conformance.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.remit.conformance.bench.BenchManifests;
import dev.remit.conformance.bench.FastUpstream;
import dev.remit.conformance.harness.Cli;
import dev.remit.conformance.harness.ModernAgent;
import dev.remit.conformance.harness.RemitProcess;
import dev.remit.conformance.harness.Workload;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Calls go on while destinations hang; what was recorded leaves all the same.
@Tag("R200")
@Tag("R233")
class ExportsTest {
  private static final String KEY = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwMfKQ9r8GKYqr";
  private static final String SENT = "47110815";
  private static final Map<String, String> SECRETS =
      Map.of(
          "REMIT_EXPORT_HOOK_KEY", KEY,
          "REMIT_EXPORT_HOOK_TOKEN", "hidden-bearer",
          "REMIT_EXPORT_TRACES_TOKEN", "hidden-bearer");

  @TempDir private Path folder;

  @Test
  void calls_are_made_while_every_destination_hangs_and_a_file_gets_them_all() throws IOException {
    folder.toFile().setExecutable(true, false);
    var events = folder.resolve("events.ndjson");

    // Accepts connections into its backlog, and never reads from one.
    try (var silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        var upstream = FastUpstream.start();
        var remit =
            RemitProcess.startIn(
                SECRETS,
                folder.resolve("data"),
                "--config",
                config(silent.getLocalPort(), events))) {
      var cli = Cli.of(folder, remit.address(), remit.admin().token());
      var workload = Workload.fresh("spiffe://remit.local/bench/bench-agent");
      remit.admin().apply(BenchManifests.text(workload, upstream.url()));
      var token = workload.start(remit.address(), "fast", "measure", List.of());
      var agent = new ModernAgent(remit.address(), "fast");

      for (int i = 0; i < 20; i++) {
        assertThat(agent.call(token.value(), "echo", "{\"n\":" + SENT + "}").statusCode())
            .isEqualTo(200);
      }

      await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> count(events, "call.ended") == 20 && count(events, "call.decided") == 20);
      assertThat(Files.readString(events)).doesNotContain(SENT).contains("answered");
      var listed = cli.run("export", "list");
      assertThat(listed.status()).as(listed.output()).isZero();
      assertThat(listed.output()).contains("hook", "traces", "archive", "sending");
      assertThat(
              listed.output()
                  + remit.log()
                  + cli.run("export", "list", "--output", "json").output())
          .doesNotContain("hidden-bearer", "MfKQ9r8", "in-the-query");

      var before = lines(events).size();
      var rewound =
          cli.run("export", "rewind", "archive", "--to", "0", "--reason", "disk was lost");
      assertThat(rewound.status()).as(rewound.output()).isZero();
      await().atMost(Duration.ofSeconds(30)).until(() -> lines(events).size() >= 2 * before);
      var ids = lines(events).stream().map(one -> one.at("/metadata/uid").stringValue()).toList();
      assertThat(ids.stream().collect(Collectors.toSet()).size()).isLessThan(ids.size());
      assertThat(ids.subList(before, before + 3)).isEqualTo(ids.subList(0, 3));
      await().atMost(Duration.ofSeconds(30)).until(() -> count(events, "export.rewound") > 0);

      remit.kill();
      remit.restart();
      assertThat(agent.call(token.value(), "echo", "{\"n\":2}").statusCode()).isEqualTo(200);
      await().atMost(Duration.ofSeconds(30)).until(() -> count(events, "call.ended") >= 41);
      var all = sequences(events);
      assertThat(all).as("without a gap").hasSize(Math.toIntExact(all.last() + 1));
    }
  }

  private String config(int silent, Path events) throws IOException {
    var file = folder.resolve("remit.yaml");
    Files.writeString(
        file,
        """
        exports:
          - name: hook
            format: cloudevents
            to: http://127.0.0.1:%1$d/in?key=in-the-query
            answerWithin: 60s
          - name: traces
            format: opentelemetry
            to: http://127.0.0.1:%1$d
            answerWithin: 60s
          - name: archive
            format: ocsf
            file: %2$s
            pollEvery: 100ms
        """
            .formatted(silent, events));
    return file.toString();
  }

  private static NavigableSet<Long> sequences(Path events) {
    return lines(events).stream()
        .map(one -> one.at("/metadata/sequence").longValue())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static long count(Path events, String type) {
    return lines(events).stream()
        .filter(one -> one.at("/metadata/event_code").asString("").equals(type))
        .count();
  }

  private static List<JsonNode> lines(Path events) {
    try {
      var text = Files.exists(events) ? Files.readString(events) : "";
      var whole = text.substring(0, text.lastIndexOf('\n') + 1);
      return whole.lines().map(JsonMapper.shared()::readTree).toList();
    } catch (IOException e) {
      throw new UncheckedIOException("read the events", e);
    }
  }
}
