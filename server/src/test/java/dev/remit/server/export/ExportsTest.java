package dev.remit.server.export;

import static dev.remit.server.export.ExportWorld.config;
import static dev.remit.server.export.ExportWorld.until;
import static dev.remit.server.export.ExportWorld.webhook;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.remit.kernel.identity.PersonName;
import dev.remit.kernel.ledger.EntryType;
import dev.remit.server.export.Receiver.Behaviour;
import dev.remit.server.http.Call;
import dev.remit.server.http.Caller;
import dev.remit.server.http.Operation;
import dev.remit.server.http.Presented;
import dev.remit.server.http.ProblemException;
import dev.remit.server.http.Reply;
import dev.remit.server.store.CommitFaults.Fault;
import dev.remit.server.store.DatabaseUnavailable;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The way of entries out of the ledger: nothing is lost, what comes twice has one id, and nothing
/// waits for a destination but its own export.
@Tag("R200")
@Tag("R208")
class ExportsTest {
  static final PersonName ANNA = new PersonName("anna");

  private final ExportWorld world = new ExportWorld();
  private final Receiver receiver = new Receiver();

  @AfterEach
  void close() {
    world.close();
    receiver.close();
  }

  @Test
  void a_restart_in_the_middle_loses_nothing_and_repeats_only_under_the_same_id() {
    for (int i = 0; i < 12; i++) {
      world.call("workflow-" + i % 3);
    }
    var left = new AtomicInteger(7);
    receiver.behaves(
        _ -> left.getAndDecrement() > 0 ? new Behaviour.Answer(204) : new Behaviour.Hang());
    world.begin(config("hooks", webhook(receiver)));
    until(() -> receiver.got().size() >= 8);

    world.end();
    receiver.answers(204);
    world.begin(config("hooks", webhook(receiver)));

    world.settle();
    var byId = receiver.taken().stream().map(got -> got.headers().getFirst("webhook-id")).toList();
    assertThat(Set.copyOf(WebhookTest.indexes(receiver.taken())))
        .isEqualTo(Set.copyOf(world.all().stream().map(entry -> entry.index()).toList()));
    assertThat(Set.copyOf(byId)).hasSameSizeAs(world.all());
  }

  /// Both halves of a lost commit of the position, in the middle of the log.
  @ParameterizedTest
  @EnumSource
  void a_position_that_was_not_stored_or_only_seemed_so_loses_nothing(Fault fault) {
    for (int i = 0; i < 12; i++) {
      world.call("payments");
    }
    world.faults.fail(fault, "SELECT 1 FROM export_position WHERE next >= 10");

    world.begin(config("hooks", webhook(receiver)));

    world.settle();
    assertThat(world.faults.hasFailed()).isTrue();
    var sent = WebhookTest.indexes(receiver.taken());
    assertThat(Set.copyOf(sent))
        .isEqualTo(Set.copyOf(world.all().stream().map(entry -> entry.index()).toList()));
    assertThat(sent.size() - Set.copyOf(sent).size()).isEqualTo(fault == Fault.LOST ? 10 : 0);
    assertThat(WebhookTest.ids(receiver.taken())).hasSameSizeAs(world.all());
  }

  @ParameterizedTest
  @EnumSource
  void an_entry_is_set_aside_exactly_when_the_ledger_says_so(Fault fault) {
    world.decided("dec_1", "payments");
    receiver.behaves(
        body -> body.contains("dec_1") ? new Behaviour.Answer(400) : new Behaviour.Answer(204));
    world.faults.fail(fault, "SELECT 1 FROM export_aside");

    world.begin(config("hooks", webhook(receiver)));

    until(() -> !world.standing().asides().isEmpty() && world.standing().held() == 0);
    assertThat(world.faults.hasFailed()).isTrue();
    assertThat(world.standing().asides()).hasSize(1);
    assertThat(recorded(EntryType.EXPORT_SETASIDE)).isEqualTo(1);
  }

  @Test
  void nothing_that_is_recorded_waits_for_a_destination_that_hangs() {
    receiver.behaves(_ -> new Behaviour.Hang());
    world.begin(config("a", webhook(receiver)), config("b", webhook(receiver)));
    until(() -> receiver.got().size() >= 2);

    long before = System.nanoTime();
    for (int i = 0; i < 20; i++) {
      world.call("payments");
    }

    assertThat(receiver.taken()).isEmpty();
    assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(10));
    assertThat(world.database.use().waiting()).isZero();
  }

  @Test
  void a_destination_that_takes_nothing_for_too_long_is_a_finding_until_it_is_back() {
    receiver.answers(401);
    world.begin(bounded(Duration.ofMillis(200), 100_000));

    until(() -> world.found("export-refused").size() == 1);
    assertThat(world.found("export-refused").getFirst().summary())
        .contains("export `hooks`")
        .contains("status 401")
        .doesNotContain("of-the-url");
    receiver.answers(204);

    world.settle();
    assertThat(world.standing().trouble()).isEmpty();
  }

  @Test
  void one_event_that_waits_for_too_long_is_a_finding_although_others_pass() {
    receiver.behaves(
        body -> body.contains("dec_1") ? new Behaviour.Answer(500) : new Behaviour.Answer(204));
    world.decided("dec_1", "payments");
    world.begin(bounded(Duration.ofMillis(200), 100_000));

    until(() -> world.found("export-holds").size() == 1);

    assertThat(world.found("export-refused")).isEmpty();
  }

  @Test
  void one_that_lags_too_far_behind_is_a_finding() {
    receiver.answers(503);
    for (int i = 0; i < 10; i++) {
      world.call("payments");
    }

    world.begin(bounded(Duration.ofMinutes(5), 8));

    until(() -> world.found("export-lags").size() == 1);
  }

  /// As while a node is taken over: whoever moves the position first has moved it.
  @Test
  void two_that_send_the_same_log_lose_nothing_and_hold_nothing_twice() {
    for (int i = 0; i < 15; i++) {
      world.call("workflow-" + i % 3);
    }
    var count = new AtomicInteger();
    receiver.behaves(_ -> new Behaviour.Answer(count.incrementAndGet() % 7 == 0 ? 500 : 204));
    world.begin(config("hooks", webhook(receiver)));
    try (var _ =
        new Exports(
            List.of(config("hooks", webhook(receiver))),
            world.database,
            world.ledger,
            world.reader,
            world.findings,
            world.transmitter,
            InstantSource.system())) {
      world.settle();
    }

    assertThat(Set.copyOf(WebhookTest.indexes(receiver.taken())))
        .isEqualTo(Set.copyOf(world.all().stream().map(entry -> entry.index()).toList()));
    assertThat(WebhookTest.ids(receiver.taken())).hasSameSizeAs(world.all());
  }

  @Test
  void somebody_sets_an_export_back_and_that_is_recorded() {
    world.call("payments");
    world.begin(config("hooks", webhook(receiver)));
    world.settle();
    int before = receiver.taken().size();

    var done = world.exports().rewind("hooks", 1, ANNA, "lost there", Instant.now());

    assertThat(done).isInstanceOf(Exports.Rewinding.Done.class);
    world.settle();
    until(() -> receiver.taken().size() > before);
    var again = WebhookTest.indexes(receiver.taken());
    assertThat(again.subList(before, before + 2)).containsExactly(1L, 2L);
    assertThat(WebhookTest.ids(receiver.taken())).hasSameSizeAs(world.all());
    var entry =
        world.all().stream()
            .filter(one -> one.type() == EntryType.EXPORT_REWOUND)
            .findFirst()
            .orElseThrow();
    assertThat(entry.text("by")).contains("anna");
    assertThat(entry.number("to")).isEqualTo(1);
    assertThat(world.reader.body(entry, "reason"))
        .contains("lost there".getBytes(StandardCharsets.UTF_8));
  }

  @ParameterizedTest
  @EnumSource
  void an_export_is_set_back_exactly_when_the_ledger_says_so(Fault fault) {
    world.begin(config("hooks", webhook(receiver)));
    world.settle();
    world.faults.fail(fault, "SELECT 1 FROM ledger_entry WHERE type = 'export.rewound'");

    // The ledger reads back what became of a commit whose answer never came.
    switch (fault) {
      case LOST ->
          assertThatThrownBy(
                  () -> world.exports().rewind("hooks", 0, ANNA, "lost there", Instant.now()))
              .isInstanceOf(DatabaseUnavailable.class);
      case STORED -> world.exports().rewind("hooks", 0, ANNA, "lost there", Instant.now());
    }

    world.settle();
    assertThat(recorded(EntryType.EXPORT_REWOUND)).isEqualTo(fault == Fault.STORED ? 1 : 0);
    until(() ->
        receiver.taken().stream().filter(got -> WebhookTest.index(got) == 0).count()
            == (fault == Fault.STORED ? 2 : 1));
  }

  @Test
  void only_what_the_filter_takes_is_sent() {
    world.call("payments");
    world.call("travel");
    var filter = new Filter(Set.of(EntryType.CALL_ENDED), Set.of("travel"));
    var target = webhook(receiver);

    world.begin(new ExportConfig("hooks", target, filter, false, ExportWorld.bounds()));

    world.settle();
    assertThat(receiver.taken())
        .singleElement()
        .satisfies(
            got -> assertThat(got.text()).contains("dev.remit.call.ended", "task-of-travel"));
  }

  @Test
  void a_new_export_may_begin_with_what_is_recorded_from_then_on() {
    world.call("payments");
    var config =
        new ExportConfig("hooks", webhook(receiver), Filter.ALL, true, ExportWorld.bounds());
    world.begin(config);
    until(() -> world.standing().movedAt().isPresent());

    var receipt = world.decided("dec_new", "travel");

    world.settle();
    assertThat(WebhookTest.indexes(receiver.taken())).containsExactly(receipt.index());
  }

  @Test
  void people_see_how_far_it_came_and_no_secret() {
    receiver.answers(500);
    world.call("payments");
    world.begin(config("hooks", webhook(receiver)));
    until(() -> world.standing().held() > 0);

    var reply = ask("GET", "{}");

    assertThat(text(reply))
        .contains("\"name\":\"hooks\"", "\"format\":\"cloudevents\"", "\"lag\":", "\"held\":")
        .doesNotContain("of-the-url", "of-the-bearer", "whsec");
    assertThat(config("hooks", webhook(receiver)).toString())
        .doesNotContain("of-the-bearer", "MfKQ9r8");
  }

  @Test
  void what_cannot_be_set_back_is_answered_with_what_to_send() {
    world.begin(config("hooks", webhook(receiver)));

    assertThat(ask("POST", "{\"to\": 1000000, \"reason\": \"x\"}").status()).isEqualTo(409);
    assertThat(text(ask("POST", "{\"to\": 1000000, \"reason\": \"x\"}"))).contains("from 0 to");
    for (var wrong : List.of("{}", "{\"to\": -1, \"reason\": \"x\"}", "{\"to\": 0}")) {
      assertThatThrownBy(() -> ask("POST", wrong)).isInstanceOf(ProblemException.class);
    }
    assertThat(world.exports().rewind("other", 0, ANNA, "x", Instant.now()))
        .isInstanceOf(Exports.Rewinding.Unknown.class);
  }

  private ExportConfig bounded(Duration refusedAfter, long lagMax) {
    var usual = ExportWorld.bounds();
    var bounds =
        new ExportConfig.Bounds(
            usual.batchMax(),
            usual.answerWithin(),
            usual.pollEvery(),
            usual.retryMin(),
            usual.retryMax(),
            usual.triesMax(),
            usual.heldMax(),
            refusedAfter,
            lagMax);
    return new ExportConfig("hooks", webhook(receiver), Filter.ALL, false, bounds);
  }

  private long recorded(EntryType type) {
    return world.all().stream().filter(one -> one.type() == type).count();
  }

  private Reply ask(String method, String body) {
    var operation =
        new ExportRoutes(world.exports())
            .operations().stream()
                .filter(one -> one.method().name().equals(method))
                .findFirst()
                .orElseThrow();
    var call =
        new Call(
            new Caller.PersonCaller(ANNA, Set.of()),
            new Presented("", List.of(), method, "/", List.of()),
            Instant.now(),
            Map.of("name", "hooks"),
            Map.of(),
            Map.of(),
            body.getBytes(StandardCharsets.UTF_8));
    if (operation.answer() instanceof Operation.Answer.Whole(var handler)) {
      return handler.handle(call);
    }
    throw new IllegalStateException("an export's operation does not stream");
  }

  private static String text(Reply reply) {
    return new String(reply.body(), StandardCharsets.UTF_8);
  }
}
