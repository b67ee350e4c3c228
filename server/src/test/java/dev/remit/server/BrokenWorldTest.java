package dev.remit.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.remit.server.http.Problem;
import dev.remit.server.store.NotCommitted;
import dev.remit.server.store.TestDatabase;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class BrokenWorldTest {

  /// The database itself says it, with the error class that it has for this; no disk was filled.
  @Test
  @Tag("R208")
  void a_full_disk_is_said_as_such_and_what_to_do() {
    try (var database = TestDatabase.fresh()) {
      var full =
          catchThrowableOfType(
              NotCommitted.class,
              () ->
                  database.run(tx ->
                      tx.update(
                          """
                          DO $$ BEGIN
                            RAISE EXCEPTION 'No space left on device' USING ERRCODE = '53100';
                          END $$
                          """)));

      assertThat(BrokenWorld.problem(full))
          .contains(
              new Problem(
                  503,
                  "storage-full",
                  "the database's disk is full; nothing was changed",
                  "make room where the database keeps its data; nothing needs to be restarted"));
    }
  }
}
