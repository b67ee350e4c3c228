package dev.remit.conformance.bench;

import dev.remit.conformance.harness.FreePort;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// An nginx reverse proxy with keep-alive to the upstream and no logs.
record Nginx(Process process, int port) implements AutoCloseable {
  private static final Path PROGRAM = Path.of("/usr/sbin/nginx");

  static Optional<Nginx> start(Path folder, int upstream) throws IOException {
    if (!Files.isExecutable(PROGRAM)) {
      return Optional.empty();
    }
    int port = FreePort.find();
    var home = Files.createDirectories(folder.resolve("nginx"));
    var configuration = home.resolve("nginx.conf");
    Files.writeString(
        configuration,
        """
        daemon off; master_process off; pid %1$s/pid; error_log %1$s/error.log;
        events { worker_connections 1024; }
        http {
          access_log off; client_body_temp_path %1$s; proxy_temp_path %1$s;
          fastcgi_temp_path %1$s; uwsgi_temp_path %1$s; scgi_temp_path %1$s;
          upstream up { server 127.0.0.1:%2$d; keepalive 64; }
          server {
            listen 127.0.0.1:%3$d; keepalive_requests 1000000;
            location / {
              proxy_pass http://up; proxy_http_version 1.1;
              proxy_set_header Connection ""; proxy_buffering off;
            }
          }
        }
        """
            .formatted(home, upstream, port));
    var process = new ProcessBuilder(PROGRAM.toString(), "-c", configuration.toString()).start();
    awaitListening(port);
    return Optional.of(new Nginx(process, port));
  }

  private static void awaitListening(int port) throws IOException {
    for (int attempt = 0; attempt < 100; attempt++) {
      if (listens(port)) {
        return;
      }
      try {
        Thread.sleep(20);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("interrupted while nginx starts", e);
      }
    }
    throw new IOException("nginx did not listen on port " + port);
  }

  private static boolean listens(int port) {
    try {
      new Socket(InetAddress.getLoopbackAddress(), port).close();
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  @Override
  public void close() {
    process.destroy();
  }
}
