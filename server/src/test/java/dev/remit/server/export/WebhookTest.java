package dev.remit.server.export;

import static dev.remit.server.export.ExportWorld.config;
import static dev.remit.server.export.ExportWorld.until;
import static dev.remit.server.export.ExportWorld.webhook;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.standardwebhooks.Webhook;
import com.standardwebhooks.exceptions.WebhookVerificationException;
import dev.remit.kernel.ledger.EntryType;
import dev.remit.server.export.Receiver.Behaviour;
import dev.remit.server.export.Receiver.Got;
import io.cloudevents.jackson.JsonFormat;
import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Webhooks of CloudEvents: signed, in order for each workflow, and stopped by nothing for good.
@Tag("R200")
@Tag("R201")
class WebhookTest {
  private final ExportWorld world = new ExportWorld();
  private final Receiver receiver = new Receiver();

  @AfterEach
  void close() {
    world.close();
    receiver.close();
  }

  @Test
  void every_entry_arrives_as_a_cloud_event_in_the_order_of_the_ledger() {
    world.call("payments");
    world.call("travel");

    world.begin(config("hooks", webhook(receiver)));

    world.settle();
    assertThat(indexes(receiver.taken())).isEqualTo(indexesOfLedger());
    for (var got : receiver.taken()) {
      var index = index(got);
      var event = new JsonFormat().deserialize(got.body());
      assertThat(event.getId()).isEqualTo(got.headers().getFirst("webhook-id"));
      assertThat(event.getSource().toString()).isEqualTo(ExportWorld.ORIGIN);
      var entry = world.reader.at(index).orElseThrow();
      assertThat(event.getType()).isEqualTo("dev.remit." + entry.type().word());
      assertThat(event.getTime()).isNotNull();
      assertThat(json(got).path("data")).isEqualTo(entry.content());
    }
  }

  @Test
  void an_outcome_names_the_workflow_of_its_decision_although_the_entry_does_not() {
    world.call("travel");

    world.begin(config("hooks", webhook(receiver)));

    world.settle();
    var ended =
        receiver.taken().stream().filter(got -> got.text().contains("dev.remit.call.ended"));
    assertThat(ended.map(got -> json(got).path("partitionkey").stringValue()))
        .containsExactly("travel");
  }

  /// By an implementation that we did not write.
  @Test
  void signatures_are_those_of_standard_webhooks() throws Exception {
    world.call("payments");

    world.begin(config("hooks", webhook(receiver)));

    world.settle();
    var verifier = new Webhook(ExportWorld.KEY);
    var another = new Webhook("whsec_" + "A".repeat(32));
    for (var got : receiver.taken()) {
      var headers = HttpHeaders.of(got.all(), (_, _) -> true);
      verifier.verify(got.text(), headers);
      assertThatThrownBy(() -> another.verify(got.text(), headers))
          .isInstanceOf(WebhookVerificationException.class);
      assertThatThrownBy(() -> verifier.verify(got.text() + " ", headers))
          .isInstanceOf(WebhookVerificationException.class);
      assertThat(got.headers().getFirst("Authorization")).isEqualTo("Bearer of-the-bearer");
    }
  }

  @Test
  void while_its_key_is_changed_an_event_has_a_signature_by_each() throws Exception {
    var next = "whsec_" + "B".repeat(32);
    var target =
        new Target.Webhook(
            receiver.url(),
            WebhookKeys.parse(ExportWorld.KEY + " " + next),
            Optional.empty(),
            "remit.test",
            false);

    world.begin(config("hooks", target));

    world.settle();
    var got = receiver.taken().getFirst();
    var headers = HttpHeaders.of(got.all(), (_, _) -> true);
    new Webhook(ExportWorld.KEY).verify(got.text(), headers);
    new Webhook(next).verify(got.text(), headers);
  }

  @Test
  void one_failing_event_holds_back_only_what_follows_it_of_its_workflow() {
    receiver.behaves(body ->
        body.contains("\"partitionkey\":\"payments\"")
            ? new Behaviour.Answer(500)
            : new Behaviour.Answer(204));
    world.call("payments");
    world.call("travel");
    world.call("payments");
    world.begin(config("hooks", webhook(receiver)));

    until(() -> world.standing().next() == world.reader.size());
    assertThat(receiver.taken()).anyMatch(got -> lane(got).equals("travel"));
    assertThat(receiver.taken()).noneMatch(got -> lane(got).equals("payments"));
    assertThat(world.standing().held()).isEqualTo(4);
    receiver.answers(204);
    world.settle();

    var payments = receiver.taken().stream().filter(got -> lane(got).equals("payments")).toList();
    assertThat(indexes(payments)).hasSize(4).isSorted();
    assertThat(Set.copyOf(indexes(receiver.taken()))).isEqualTo(Set.copyOf(indexesOfLedger()));
  }

  @Test
  void no_more_events_wait_than_may_and_the_rest_stays_in_the_ledger() {
    receiver.behaves(body ->
        body.contains("\"partitionkey\":\"payments\"")
            ? new Behaviour.Answer(500)
            : new Behaviour.Answer(204));
    for (int i = 0; i < 5; i++) {
      world.call("payments");
    }
    var usual = ExportWorld.bounds();
    var bounds =
        new ExportConfig.Bounds(
            usual.batchMax(),
            usual.answerWithin(),
            usual.pollEvery(),
            usual.retryMin(),
            usual.retryMax(),
            usual.triesMax(),
            3,
            usual.refusedAfter(),
            usual.lagMax());
    world.begin(new ExportConfig("hooks", webhook(receiver), Filter.ALL, false, bounds));

    until(() -> world.standing().trouble().isPresent());
    assertThat(world.standing().held()).isEqualTo(3);
    assertThat(world.standing().next()).isLessThan(world.reader.size());
    receiver.answers(204);
    world.settle();

    assertThat(indexes(receiver.taken())).containsExactlyInAnyOrderElementsOf(indexesOfLedger());
    var payments = receiver.taken().stream().filter(got -> lane(got).equals("payments")).toList();
    assertThat(indexes(payments)).isSorted();
  }

  @Test
  void an_event_that_is_refused_again_and_again_is_set_aside_and_recorded() {
    world.call("payments");
    world.call("travel");
    receiver.behaves(body ->
        body.contains("dev.remit.call.decided") && body.contains("\"workflow\":\"payments\"")
            ? new Behaviour.Answer(422)
            : new Behaviour.Answer(204));

    world.begin(config("hooks", webhook(receiver)));

    world.settle();
    until(() -> !world.standing().asides().isEmpty());
    var refused = receiver.got().stream().filter(got -> got.status() == 422).toList();
    assertThat(refused).hasSize(3);
    assertThat(ids(refused)).hasSize(1);
    var aside = world.standing().asides().getFirst();
    assertThat(aside.index()).isEqualTo(index(refused.getFirst()));
    assertThat(aside.why()).isEqualTo("it answered with status 422");
    var entry =
        world.all().stream().filter(one -> one.type() == EntryType.EXPORT_SETASIDE).toList();
    assertThat(entry)
        .singleElement()
        .satisfies(one -> {
          assertThat(one.text("export")).contains("hooks");
          assertThat(one.number("first")).isEqualTo(aside.index());
        });
    assertThat(world.found("export-entry-refused")).hasSize(1);
    // What followed it of its workflow came after all, and the refusal itself is not sent there.
    assertThat(receiver.taken().stream().filter(got -> lane(got).equals("payments"))).hasSize(1);
    assertThat(receiver.got()).noneMatch(got -> got.text().contains("dev.remit.export.setaside"));
  }

  @Test
  void a_destination_that_refuses_everything_is_not_emptied_into_the_ledger() {
    receiver.answers(400);
    for (int i = 0; i < 20; i++) {
      world.decided("dec_" + i, "workflow-" + i);
    }

    world.begin(config("hooks", webhook(receiver)));

    until(() -> world.standing().asides().size() == 10);
    receiver.answers(204);
    world.settle();
    var aside =
        world.all().stream().filter(one -> one.type() == EntryType.EXPORT_SETASIDE).toList();
    assertThat(aside).hasSize(10);
  }

  @Test
  void a_destination_that_is_busy_is_asked_again_when_it_said_and_not_before() {
    receiver.answers(429, "Retry-After", "1");
    world.call("payments");
    world.begin(config("hooks", webhook(receiver)));
    until(() -> !receiver.got().isEmpty());
    long first = System.nanoTime();

    receiver.answers(204);
    world.settle();

    assertThat(receiver.got().stream().filter(got -> got.status() == 429)).hasSize(1);
    assertThat(Duration.ofNanos(System.nanoTime() - first)).isGreaterThan(Duration.ofMillis(500));
    assertThat(indexes(receiver.taken())).isEqualTo(indexesOfLedger());
  }

  @Test
  void one_that_hangs_or_closes_gets_the_same_event_again() {
    world.call("payments");
    var behaviours = List.of(new Behaviour.Cut(), new Behaviour.Hang(), new Behaviour.Cut());
    var left = new ConcurrentLinkedQueue<Behaviour>(behaviours);
    receiver.behaves(_ -> Optional.ofNullable(left.poll()).orElse(new Behaviour.Answer(204)));

    world.begin(config("hooks", webhook(receiver)));

    world.settle();
    assertThat(receiver.got().stream().filter(got -> got.status() == 0)).hasSize(3);
    assertThat(Set.copyOf(indexes(receiver.taken()))).isEqualTo(Set.copyOf(indexesOfLedger()));
  }

  @Test
  void a_redirect_is_not_followed() {
    try (var elsewhere = new Receiver()) {
      receiver.answers(302, "Location", elsewhere.url().toString());
      world.begin(config("hooks", webhook(receiver)));

      until(() -> receiver.got().size() > 2);

      assertThat(elsewhere.got()).isEmpty();
      assertThat(world.standing().next()).isZero();
      assertThat(world.standing().trouble().orElseThrow().why())
          .isEqualTo("it answered with status 302");
    }
  }

  @Test
  void one_that_is_gone_is_left_alone_until_somebody_begins_again() {
    receiver.answers(410);
    world.begin(config("hooks", webhook(receiver)));
    until(() -> !world.found("export-gone").isEmpty());
    assertThat(receiver.got()).hasSize(1);
    assertThat(world.standing().isGone()).isTrue();

    receiver.answers(204);
    world.exports().rewind("hooks", 0, ExportsTest.ANNA, "it is back", Instant.now());

    world.settle();
    assertThat(Set.copyOf(indexes(receiver.taken()))).isEqualTo(Set.copyOf(indexesOfLedger()));
  }

  @Test
  void consent_is_asked_for_first_and_without_it_nothing_is_sent() {
    receiver.behaves(_ -> new Behaviour.Answer(200));
    world.begin(config("hooks", asking()));
    until(() -> receiver.got().size() > 2);
    assertThat(receiver.got()).allMatch(got -> got.method().equals("OPTIONS"));

    receiver.behaves(_ ->
        new Behaviour.Answer(
            200,
            Map.of("WebHook-Allowed-Origin", "remit.test", "WebHook-Allowed-Rate", "1200"),
            new byte[0]));
    world.settle();

    var posts = receiver.got().stream().filter(got -> got.method().equals("POST")).toList();
    assertThat(indexes(posts)).isEqualTo(indexesOfLedger());
    assertThat(posts)
        .allMatch(got -> "remit.test".equals(got.headers().getFirst("WebHook-Request-Origin")));
  }

  private Target asking() {
    return new Target.Webhook(
        receiver.url(), WebhookKeys.parse(ExportWorld.KEY), Optional.empty(), "remit.test", true);
  }

  private List<Long> indexesOfLedger() {
    return world.all().stream().map(entry -> entry.index()).toList();
  }

  static List<Long> indexes(List<Got> got) {
    return got.stream().map(WebhookTest::index).toList();
  }

  static Set<String> ids(List<Got> got) {
    return got.stream()
        .map(one -> one.headers().getFirst("webhook-id"))
        .collect(Collectors.toSet());
  }

  static long index(Got got) {
    return Long.parseLong(json(got).path("sequence").stringValue());
  }

  private static String lane(Got got) {
    return json(got).path("partitionkey").asString("");
  }

  private static JsonNode json(Got got) {
    return JsonMapper.shared().readTree(new String(got.body(), StandardCharsets.UTF_8));
  }
}
