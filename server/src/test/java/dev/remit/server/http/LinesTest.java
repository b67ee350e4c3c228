package dev.remit.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.helidon.webserver.WebServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class LinesTest {

  /// Helidon counts from the beginning of the last request, which would cut every long stream.
  @Test
  void a_connection_is_not_idle_while_a_request_is_served_on_it() throws Exception {
    var server =
        Lines.on(WebServer.builder())
            .host("127.0.0.1")
            .port(0)
            .shutdownHook(false)
            .idleConnectionTimeout(Duration.ofMillis(200))
            .idleConnectionPeriod(Duration.ofMillis(50))
            .routing(routing ->
                routing.get(
                    "/slow",
                    (_, response) -> {
                      Thread.sleep(1_000);
                      response.send("done");
                    }))
            .build()
            .start();
    try {
      assertThat(got(server)).isEqualTo("done");
    } finally {
      server.stop();
    }
  }

  private static String got(WebServer server) throws IOException, InterruptedException {
    try (var client = HttpClient.newHttpClient()) {
      var slow = URI.create("http://127.0.0.1:" + server.port() + "/slow");
      return client.send(HttpRequest.newBuilder(slow).build(), BodyHandlers.ofString()).body();
    }
  }
}
