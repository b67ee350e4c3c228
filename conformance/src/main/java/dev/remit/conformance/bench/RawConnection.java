package dev.remit.conformance.bench;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;

/// One kept-alive HTTP/1.1 connection that does no more than a load needs: writes bytes, reads one
/// answer (by length or in chunks), forgets the body.
final class RawConnection implements AutoCloseable {
  private final Socket socket;
  private final InputStream in;
  private final OutputStream out;
  private long bodyBegan;

  /// What has still to be read of the answer whose headers have been.
  private Optional<Left> left = Optional.empty();

  private record Left(boolean chunked, long length) {}

  RawConnection(InetSocketAddress target) throws IOException {
    socket = new Socket(target.getAddress(), target.getPort());
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(30_000);
    in = new BufferedInputStream(socket.getInputStream(), 16 * 1024);
    out = socket.getOutputStream();
  }

  /// Sends one request and returns the status of its answer, after the whole answer was read.
  int call(byte[] request) throws IOException {
    int status = begin(request);
    finish();
    return status;
  }

  /// Sends one request and returns the status of its answer, of which nothing more is read.
  int begin(byte[] request) throws IOException {
    out.write(request);
    return Integer.parseInt(line().split(" ", 3)[1]);
  }

  /// Sends one request whose answer may be long in coming.
  void send(byte[] request) throws IOException {
    socket.setSoTimeout(0);
    out.write(request);
  }

  /// Reads the whole answer to what was sent, and returns its status.
  int answered() throws IOException {
    int status = Integer.parseInt(line().split(" ", 3)[1]);
    finish();
    return status;
  }

  /// The next line of an answer that goes on; for answers that are lines.
  String next() throws IOException {
    return line();
  }

  /// Waits for the first byte of the body of the answer that was begun.
  void awaitBody() throws IOException {
    long length = 0;
    boolean chunked = false;
    for (var header = line(); !header.isEmpty(); header = line()) {
      var lower = header.toLowerCase(Locale.ROOT);
      if (lower.startsWith("content-length:")) {
        length = Long.parseLong(lower.substring("content-length:".length()).strip());
      } else if (lower.startsWith("transfer-encoding:") && lower.contains("chunked")) {
        chunked = true;
      }
    }
    if (chunked || length > 0) {
      in.mark(1);
      if (in.read() < 0) {
        throw new EOFException("the server closed the connection before the body of an answer");
      }
      in.reset();
    }
    bodyBegan = System.nanoTime();
    left = Optional.of(new Left(chunked, length));
  }

  /// When the first byte of the last answer's body was there, by [System#nanoTime]; of an answer
  /// without one, when its headers were.
  long bodyBegan() {
    return bodyBegan;
  }

  /// Reads the rest of the answer that was begun.
  void finish() throws IOException {
    if (left.isEmpty()) {
      awaitBody();
    }
    var body = left.orElseThrow();
    left = Optional.empty();
    if (body.chunked()) {
      skipChunks();
    } else {
      in.skipNBytes(body.length());
    }
  }

  private void skipChunks() throws IOException {
    while (true) {
      long size = Long.parseLong(line().split(";", 2)[0].strip(), 16);
      in.skipNBytes(size);
      line();
      if (size == 0) {
        return;
      }
    }
  }

  private String line() throws IOException {
    var line = new StringBuilder(64);
    while (true) {
      int b = in.read();
      if (b < 0) {
        throw new EOFException("the server closed the connection in an answer");
      }
      if (b == '\n') {
        return line.toString();
      }
      if (b != '\r') {
        line.append((char) b);
      }
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }

  /// Returns the bytes of a POST of a form.
  static byte[] form(String path, String host, String body) {
    return post(
        path,
        host,
        "Content-Type: application/x-www-form-urlencoded\r\n",
        body.getBytes(StandardCharsets.UTF_8));
  }

  /// Returns the bytes of a POST of JSON.
  static byte[] post(String path, String host, String headers, String body) {
    var json = "Content-Type: application/json\r\nAccept: application/json, text/event-stream\r\n";
    return post(path, host, json + headers, body.getBytes(StandardCharsets.UTF_8));
  }

  private static byte[] post(String path, String host, String headers, byte[] body) {
    var head =
        "POST %s HTTP/1.1\r\nHost: %s\r\n%sContent-Length: %d\r\n\r\n"
            .formatted(path, host, headers, body.length)
            .getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(head.length + body.length).put(head).put(body).array();
  }
}
