package dev.remit.server.store.embedded;

import java.nio.file.Path;

/// A process of its own that holds a private PostgreSQL until it is killed; what the tests of `kill
/// -9` kill.
public final class Holder {
  private Holder() {}

  public static void main(String[] arguments) throws InterruptedException {
    var postgres = EmbeddedPostgres.start(Path.of(arguments[0]), Path.of(arguments[1]));
    System.out.println(postgres.pid());
    System.out.flush();
    Thread.sleep(Long.MAX_VALUE);
  }
}
