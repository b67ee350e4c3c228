package dev.remit.conformance.bench;

import dev.remit.conformance.harness.FreePort;
import dev.remit.conformance.node.NodeTools;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// npm `@portkey-ai/gateway` in front of the benchmarks' model: it reads the question and the
/// answer and turns neither into another dialect, checks no caller and records nothing.
record Portkey(Process process, int port) implements AutoCloseable {

  /// It would listen on every interface of the machine.
  private static final String LOOPBACK_ONLY =
      """
      const net = require('node:net');
      const listen = net.Server.prototype.listen;
      net.Server.prototype.listen = function (port, ...rest) {
        const then = rest.filter((it) => typeof it === 'function');
        return typeof port === 'number'
          ? listen.call(this, port, '127.0.0.1', ...then)
          : listen.call(this, port, ...rest);
      };
      """;

  static Portkey start(NodeTools.Ready node, Path folder) throws IOException {
    int port = FreePort.find();
    var home = Files.createDirectories(folder.resolve("portkey"));
    var log = home.resolve("log");
    var preload = Files.writeString(home.resolve("loopback.cjs"), LOOPBACK_ONLY);
    var builder =
        new ProcessBuilder(
                node.command(
                    "@portkey-ai/gateway/build/start-server.js",
                    List.of("--headless", "--port=" + port)))
            .directory(home.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    builder.environment().put("NODE_ENV", "production");
    builder.environment().put("NODE_OPTIONS", "--require=" + preload);
    var process = builder.start();
    Peers.awaitReady(process, URI.create("http://127.0.0.1:" + port + "/"), log);
    return new Portkey(process, port);
  }

  /// The way to the model at `upstreamPort`.
  ModelWay way(int upstreamPort) {
    var lines =
        "x-portkey-provider: openai\r\nx-portkey-custom-host: http://127.0.0.1:"
            + upstreamPort
            + "/v1\r\nAuthorization: Bearer sk-bench-0123456789abcdef\r\n";
    return new ModelWay(
        "portkey", port, ProcessCpu.of(process), "/v1/chat/completions", () -> lines);
  }

  @Override
  public void close() {
    process.descendants().forEach(ProcessHandle::destroy);
    process.destroy();
  }
}
