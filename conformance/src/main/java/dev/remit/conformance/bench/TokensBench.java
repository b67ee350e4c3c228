package dev.remit.conformance.bench;

import dev.remit.conformance.harness.RemitProcess;
import dev.remit.conformance.harness.Workload;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Access tokens per second of CPU: `private_key_jwt` with ES256 in, a JWT signed with ES256 out,
/// beside npm `oidc-provider` and Keycloak.
///
/// One client, one key, the same assertion but for its audience, all signed before the clock runs.
/// Remit starts a task and has it durable, signed and provable before it answers; the others keep
/// nothing of what they issued. CPU is that of the server and its children, database included.
final class TokensBench {
  private static final List<Integer> CONNECTIONS = List.of(1, 16, 64);
  private static final String AGENT = "spiffe://remit.local/bench/bench-agent";

  private final Effort effort;
  private final Report report = new Report("tokens");
  private final Workload workload = Workload.fresh(AGENT);

  private TokensBench(Effort effort) {
    this.effort = effort;
  }

  static Report run(Effort effort) {
    var bench = new TokensBench(effort);
    try {
      bench.measure();
    } catch (IOException e) {
      throw new UncheckedIOException("set up the benchmark", e);
    }
    return bench.report;
  }

  /// A token endpoint and how it is asked.
  ///
  /// @param audience that its assertions must have
  /// @param more parameters of the form beside the assertion
  private record Endpoint(
      URI address, String path, URI audience, Map<String, String> more, ProcessCpu cpu) {

    /// Asks once, so that a server that refuses says why.
    void tryOnce(Workload workload) {
      var once =
          HttpRequest.newBuilder(address.resolve(path))
              .header("Content-Type", "application/x-www-form-urlencoded")
              .POST(BodyPublishers.ofString(body(workload)))
              .build();
      try (var client = HttpClient.newHttpClient()) {
        var answer = client.send(once, BodyHandlers.ofString());
        if (answer.statusCode() != 200) {
          throw new IllegalStateException(address + " refuses: " + answer.body());
        }
      } catch (IOException e) {
        throw new UncheckedIOException("ask " + address, e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("interrupted while asking " + address, e);
      }
    }

    byte[] request(Workload workload) {
      return RawConnection.form(path, "127.0.0.1:" + address.getPort(), body(workload));
    }

    private String body(Workload workload) {
      var form = new LinkedHashMap<String, String>();
      form.put("grant_type", "client_credentials");
      form.put("client_id", workload.spiffeId());
      form.put("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer");
      form.put("client_assertion", workload.proof(audience, Instant.now()));
      form.putAll(more);
      return form.entrySet().stream()
          .map(e -> e.getKey() + "=" + URLEncoder.encode(e.getValue(), StandardCharsets.UTF_8))
          .collect(Collectors.joining("&"));
    }

    Measured load(Workload workload, int connections, int calls) {
      int each = calls / connections;
      var requests =
          IntStream.range(0, each * connections).mapToObj(_ -> request(workload)).toList();
      var target = new InetSocketAddress(InetAddress.getLoopbackAddress(), address.getPort());
      return new Load(target, connections, each, requests::get).run(cpu);
    }
  }

  private void measure() throws IOException {
    try (var folder = BenchFolder.make();
        var upstream = FastUpstream.start();
        var remit = RemitProcess.start(folder.data())) {
      remit.admin().apply(BenchManifests.text(workload, upstream.url()));
      var endpoints = new LinkedHashMap<String, Endpoint>();
      endpoints.put("remit", remit(remit));
      var oidcProvider = OidcProvider.start(folder.path(), workload);
      var keycloak = Keycloak.start(folder.path(), workload);
      try {
        oidcProvider.ifPresentOrElse(
            it -> endpoints.put("oidc-provider", oidcProvider(it)),
            () -> missing("oidc-provider", OidcProvider.INSTALL));
        keycloak.ifPresentOrElse(
            it -> endpoints.put("keycloak", keycloak(it)),
            () -> missing("keycloak", Keycloak.INSTALL));
        warmUp(endpoints);
        for (int connections : CONNECTIONS) {
          compare(endpoints, connections);
        }
      } finally {
        oidcProvider.ifPresent(OidcProvider::close);
        keycloak.ifPresent(Keycloak::close);
      }
    }
    report.note("remit: a task and a token, durable and provable before the answer");
    report.note("oidc-provider and keycloak: nothing of the token is stored, no audit log");
  }

  private void missing(String name, String install) {
    report.note(name + " is not installed; `" + install + "` adds its rows");
  }

  private static Endpoint remit(RemitProcess remit) {
    var more =
        Map.of(
            "resource",
            remit.address() + "/mcp/fast",
            "authorization_details",
            "[{\"type\":\"https://remit.dev/task\",\"intent\":\"measure\"}]");
    return new Endpoint(
        remit.address(), "/oauth2/token", remit.address(), more, ProcessCpu.of(remit.process()));
  }

  private static Endpoint oidcProvider(OidcProvider peer) {
    return new Endpoint(
        peer.issuer(),
        "/token",
        peer.issuer(),
        Map.of("resource", OidcProvider.RESOURCE),
        ProcessCpu.of(peer.process()));
  }

  private static Endpoint keycloak(Keycloak peer) {
    return new Endpoint(
        peer.realm(),
        peer.realm().getPath() + "/protocol/openid-connect/token",
        peer.realm(),
        Map.of(),
        ProcessCpu.of(peer.process()));
  }

  private void warmUp(Map<String, Endpoint> endpoints) {
    for (var endpoint : endpoints.values()) {
      endpoint.tryOnce(workload);
      long end = System.nanoTime() + effort.warmUpSeconds * 1_000_000_000L;
      do {
        endpoint.load(workload, 16, Math.min(effort.calls, 1_600));
      } while (System.nanoTime() < end);
    }
  }

  private void compare(Map<String, Endpoint> endpoints, int connections) {
    var rounds = new LinkedHashMap<String, List<Measured>>();
    for (int round = 0; round < effort.rounds; round++) {
      endpoints.forEach((name, endpoint) ->
          rounds
              .computeIfAbsent(name, _ -> new ArrayList<>())
              .add(endpoint.load(workload, connections, effort.calls)));
    }
    var medians = new LinkedHashMap<String, Measured>();
    rounds.forEach((name, all) -> medians.put(name, Measured.median(all)));
    medians.forEach((name, median) -> report.row(label(name, connections), median));
    var ours = medians.remove("remit");
    if (ours == null) {
      throw new IllegalStateException("remit is always measured");
    }
    report.note(
        "remit at %d: %.0f tokens per CPU-second"
            .formatted(connections, 1e6 / ours.cpuUsPerCall()));
    medians.forEach((name, theirs) ->
        report.ratio(
            label(name, connections),
            label("remit", connections),
            "cpu_us_per_op",
            theirs.cpuUsPerCall() / ours.cpuUsPerCall()));
  }

  private static String label(String name, int connections) {
    return name + ", " + connections + " conn";
  }
}
