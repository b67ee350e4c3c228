package dev.remit.server;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/// Finds a port of the loopback interface on which nobody listens at the moment.
///
/// It lies below the range from which systems take ports by themselves (32768 on Linux, 49152
/// elsewhere). A port of that range, found free and closed again, is soon the end of anybody's
/// connection: with tests in two processes, a broker's port was taken so while the broker started.
public final class FreePort {
  private static final int FIRST = 15_000;
  private static final int END = 32_000;
  private static final int TRIES = 200;

  private FreePort() {}

  /// Returns a free port.
  ///
  /// @throws IllegalStateException if all of many ports tried were taken
  public static int find() {
    for (int i = 0; i < TRIES; i++) {
      int port = ThreadLocalRandom.current().nextInt(FIRST, END);
      try (var _ = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
        return port;
      } catch (IOException e) {
        // Taken: the next one.
      }
    }
    throw new IllegalStateException("no port between %d and %d is free".formatted(FIRST, END - 1));
  }
}
