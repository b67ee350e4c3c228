package dev.remit.cli.connect;

import dev.remit.cli.CommandFailed;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;

/// Serves resources at a loopback address for clients that are configured with a URL.
///
/// Every request goes to the gateway with a token of the task added; method, target, headers and
/// body are otherwise what the client sent, and so is the answer, which streams. Only loopback
/// addresses are served, and a page in a browser cannot use it: `Host` and `Origin` must be
/// loopback too.
final class LocalFront {
  private static final int CONNECTIONS_MAX = 512;

  private final ServerSocket server;
  private final Doors doors;
  private final PrintWriter err;
  private final Semaphore places = new Semaphore(CONNECTIONS_MAX);
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();

  private LocalFront(ServerSocket server, Doors doors, PrintWriter err) {
    this.server = server;
    this.doors = doors;
    this.err = err;
  }

  /// With which token a request goes on, and where its receipts are kept.
  record Door(TaskToken token, ReceiptLog receipts) {}

  /// Finds the door by the path of a request.
  interface Doors {
    Optional<Door> at(String path);
  }

  /// Starts to listen at `where`, which is `HOST:PORT` or a port alone; port 0 is any free one.
  static LocalFront open(String where, Doors doors, PrintWriter err) {
    var address = address(where);
    try {
      var server = new ServerSocket();
      server.bind(address, 128);
      return new LocalFront(server, doors, err);
    } catch (IOException e) {
      throw new CommandFailed(
          "cannot listen at " + where + ": " + e.getMessage(), "choose another port", e);
    }
  }

  private static InetSocketAddress address(String where) {
    int colon = where.lastIndexOf(':');
    var host = colon < 0 ? "127.0.0.1" : where.substring(0, colon).replaceAll("[\\[\\]]", "");
    var port = where.substring(colon + 1);
    try {
      var address = InetAddress.getByName(host);
      if (port.matches("[0-9]{1,5}")
          && Integer.parseInt(port) < 65536
          && address.isLoopbackAddress()) {
        return new InetSocketAddress(address, Integer.parseInt(port));
      }
    } catch (UnknownHostException e) {
      // Answered below, like an address that others can reach.
    }
    throw new CommandFailed(
        "`" + where + "` is not a loopback address with a port",
        "give --listen the form 127.0.0.1:8490; others must not act with this identity's token");
  }

  /// Returns its address, without a path.
  URI uri() {
    var host = server.getInetAddress().getHostAddress();
    var written = host.contains(":") ? "[" + host + "]" : host;
    return URI.create("http://" + written + ":" + server.getLocalPort());
  }

  /// Accepts until it is stopped.
  void serve() {
    while (!server.isClosed()) {
      try {
        places.acquire();
        var client = server.accept();
        open.add(client);
        Thread.startVirtualThread(() -> serve(client));
      } catch (IOException e) {
        if (!server.isClosed()) {
          throw new UncheckedIOException("cannot accept connections any more", e);
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  private void serve(Socket client) {
    try (client) {
      client.setTcpNoDelay(true);
      new FrontConnection(client, doors, err).serve();
    } catch (IOException e) {
      // The client has gone; what it had asked for was abandoned with it.
    } finally {
      open.remove(client);
      places.release();
    }
  }

  /// Stops listening and drops every connection.
  void stop() {
    try {
      server.close();
      for (var client : open) {
        client.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot stop listening", e);
    }
  }
}
