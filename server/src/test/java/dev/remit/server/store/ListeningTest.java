package dev.remit.server.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ListeningTest {
  private final DatabaseConfig config = TestDatabase.freshConfig();
  private final Database database = Database.open(config);
  private final List<String> heard = new CopyOnWriteArrayList<>();
  private final AtomicInteger reconnects = new AtomicInteger();

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  void a_notice_arrives_once_its_transaction_is_committed_and_in_order() {
    try (var _ = database.listen("news", heard::add, reconnects::incrementAndGet)) {

      database.run(tx -> {
        tx.notify("news", "1");
        tx.notify("news", "2");
      });

      await().untilAsserted(() -> assertThat(heard).containsExactly("1", "2"));
    }
  }

  @Test
  void a_notice_of_a_transaction_that_failed_never_arrives() {
    try (var _ = database.listen("news", heard::add, reconnects::incrementAndGet)) {
      try {
        database.run(tx -> {
          tx.notify("news", "lost");
          throw new IllegalStateException("changed my mind");
        });
      } catch (IllegalStateException expected) {
        database.run(tx -> tx.notify("news", "kept"));
      }

      await().untilAsserted(() -> assertThat(heard).containsExactly("kept"));
    }
  }

  @Test
  void after_a_cut_it_listens_again_and_says_so_because_notices_are_missing() {
    try (var _ = database.listen("news", heard::add, reconnects::incrementAndGet)) {
      TestDatabase.cut(config);
      await().untilAsserted(() -> assertThat(reconnects).hasValue(1));
      await().until(database::isReachable);

      database.run(tx -> tx.notify("news", "after"));

      await().untilAsserted(() -> assertThat(heard).containsExactly("after"));
    }
  }

  @Test
  void silence_grows_while_the_server_is_away_and_ends_when_it_is_back() {
    try (var listening = database.listen("news", heard::add, reconnects::incrementAndGet)) {
      assertThat(listening.silence()).isLessThan(Duration.ofSeconds(2));
      TestDatabase.stop();
      try {
        await().until(() -> listening.silence().compareTo(Duration.ofMillis(1500)) > 0);
      } finally {
        TestDatabase.start();
      }

      await().untilAsserted(() -> assertThat(reconnects).hasValue(1));
      assertThat(listening.silence()).isLessThan(Duration.ofSeconds(2));
    }
  }

  @Test
  void a_listener_that_throws_does_not_silence_the_next_notice() {
    try (var _ =
        database.listen(
            "news",
            payload -> {
              heard.add(payload);
              throw new IllegalStateException("a bug in the listener");
            },
            reconnects::incrementAndGet)) {

      database.run(tx -> tx.notify("news", "1"));
      database.run(tx -> tx.notify("news", "2"));

      await().untilAsserted(() -> assertThat(heard).containsExactly("1", "2"));
    }
  }
}
