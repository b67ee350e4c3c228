package dev.remit.server.notifications;

import static dev.remit.server.notifications.NotificationWorld.channel;
import static dev.remit.server.notifications.NotificationWorld.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.standardwebhooks.Webhook;
import com.standardwebhooks.exceptions.WebhookVerificationException;
import dev.remit.kernel.identity.PersonName;
import dev.remit.kernel.identity.Role;
import dev.remit.server.export.Delivered;
import dev.remit.server.export.Receiver.Behaviour;
import dev.remit.server.export.Receiver.Got;
import dev.remit.server.findings.Finding;
import dev.remit.server.notifications.Channel.Slack;
import dev.remit.server.notifications.Channel.Teams;
import dev.remit.server.notifications.Channel.Wants;
import java.net.http.HttpHeaders;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Webhooks and chats, at a real HTTP server.
@Tag("R93")
class ChannelTest {
  private static final String HOSTILE =
      "<!channel> <http://evil.example|click> @here *b* [x](http://evil.example) <at>all</at>"
          + " &amp; \u202E {{TIME(x)}}";

  private final NotificationWorld world = new NotificationWorld();

  @AfterEach
  void close() {
    world.close();
  }

  @Test
  void in_slack_nothing_an_agent_chose_is_a_mention_a_link_or_markup() {
    world.begin(channel("chat", new Slack(world.receiver.url())));

    world.opened("apr_1", HOSTILE);

    world.settle();
    var json = json(world.receiver.taken().getFirst());
    assertThat(json.path("text").asString()).doesNotContain("<", ">", "evil");
    assertThat(json.path("mrkdwn").asBoolean(true)).isFalse();
    assertThat(json.findValuesAsString("type"))
        .containsOnly("header", "plain_text", "section", "actions", "button");
    assertThat(json.toString()).doesNotContain("http://evil", "\u202E");
    assertThat(json.at("/blocks/2/elements/0/url").asString())
        .isEqualTo("https://remit.example/console/approvals/apr_1");
  }

  @Test
  void in_teams_it_stands_in_runs_which_know_no_markdown() {
    world.begin(channel("chat", new Teams(world.receiver.url())));

    world.opened("apr_1", HOSTILE);

    world.settle();
    var card = json(world.receiver.taken().getFirst()).at("/attachments/0/content");
    assertThat(card.path("type").asString()).isEqualTo("AdaptiveCard");
    assertThat(card.path("body").findValuesAsString("type"))
        .containsOnly("RichTextBlock", "TextRun");
    assertThat(card.has("msteams")).isFalse();
    assertThat(card.toString()).doesNotContain("http://evil", "{{", "\u202E");
    assertThat(card.at("/actions/0/url").asString())
        .isEqualTo("https://remit.example/console/approvals/apr_1");
  }

  /// By an implementation that we did not write.
  @Test
  void a_webhook_is_signed_and_says_whom_it_is_meant_for() throws Exception {
    world.begin(channel("hook", world.webhook()));

    world.opened("apr_1", "files/write_file");

    world.settle();
    var got = world.receiver.taken().getFirst();
    var headers = HttpHeaders.of(got.all(), (_, _) -> true);
    new Webhook(NotificationWorld.KEY).verify(got.text(), headers);
    assertThatThrownBy(() -> new Webhook(NotificationWorld.KEY).verify(got.text() + " ", headers))
        .isInstanceOf(WebhookVerificationException.class);
    assertThat(json(got).path("to").valueStream().map(JsonNode::asString))
        .containsExactly("ben", "cleo");
    assertThat(json(got).path("id").asString()).isEqualTo(got.headers().getFirst("webhook-id"));
  }

  @Test
  void what_became_of_an_approval_comes_after_that_it_was_asked_for_whatever_breaks() {
    world.receiver.behaves(_ -> new Behaviour.Cut());
    world.begin(channel("hook", world.webhook()));
    world.opened("apr_1", "files/write_file");
    world.settled("apr_1", "granted", "ben");
    until(() -> world.receiver.got().size() > 2);

    world.receiver.answers(204);

    world.settle();
    assertThat(titles())
        .containsExactly(
            "A call of workflow `invoices` waits",
            "A held call of workflow `invoices` was approved by ben");
  }

  @Test
  void a_node_that_was_stopped_goes_on_where_it_was_and_says_nothing_twice() {
    world.begin(channel("hook", world.webhook()));
    world.opened("apr_1", "files/write_file");
    world.settle();
    world.end();
    world.settled("apr_1", "lapsed", "remit");

    world.begin(channel("hook", world.webhook()));

    world.settle();
    assertThat(titles())
        .containsExactly(
            "A call of workflow `invoices` waits",
            "Nobody answered a held call of workflow `invoices` in time; it was not made");
  }

  @Test
  void a_channel_that_stays_broken_is_a_finding_and_holds_up_no_other() {
    world.receiver.answers(503);
    world.begin(
        channel("chat", new Slack(world.receiver.url())),
        channel("mail", world.email("team@example.org")));

    world.opened("apr_1", "files/write_file");

    until(() -> !world.found("channel-refused").isEmpty());
    assertThat(world.found("channel-refused").getFirst().summary())
        .doesNotContain("of-the-url") // The address of a chat is its secret.
        .contains("503");
    until(() -> !world.mails().isEmpty());
    world.receiver.answers(200);
    world.settle();
  }

  @Test
  void a_channel_gets_what_it_wants_and_nothing_else() {
    var wants = new Wants(Set.of(About.FINDINGS), Set.of(Role.SECURITY), Set.of());
    world.begin(new Channel("hook", world.webhook(), wants));
    world.opened("apr_1", "files/write_file");

    finding("odd", Role.SECURITY);
    finding("dull", Role.OWNER);

    world.settle();
    assertThat(titles()).containsExactly("Finding: odd (high)");
    assertThat(
            json(world.receiver.taken().getFirst())
                .path("to")
                .valueStream()
                .map(JsonNode::asString))
        .containsExactly("sven");
  }

  @Test
  void a_test_says_what_the_channel_answered() {
    var notifications = world.begin(channel("hook", world.webhook()));
    world.receiver.answers(403);

    var refused = notifications.test("hook", new PersonName("anna"), world.now);
    world.receiver.answers(204);
    var taken = notifications.test("hook", new PersonName("anna"), world.now);

    assertThat(refused).containsInstanceOf(Delivered.Later.class);
    assertThat(taken).contains(new Delivered.Taken());
    assertThat(notifications.test("none", new PersonName("anna"), world.now)).isEmpty();
  }

  @Test
  @Tag("R8")
  void a_pilot_that_ends_soon_and_an_owner_who_left_are_told_once() {
    world.begin(channel("hook", world.webhook()));
    var watch = new WorkflowWatch(Duration.ofDays(14), world.findings, world::registered);
    var soon = world.now.plus(Duration.ofDays(80));

    watch.look(world.now);
    watch.look(soon);
    watch.look(soon.plusSeconds(60));

    world.settle();
    assertThat(titles()).containsExactly("Finding: pilot-ends (medium)");
    assertThat(
            json(world.receiver.taken().getFirst())
                .path("to")
                .valueStream()
                .map(JsonNode::asString))
        .containsExactly("anna");
    watch.close();
  }

  private void finding(String kind, Role role) {
    world.findings.raise(
        new Finding.Sighting(kind, "x", Finding.Severity.HIGH, "seen", "look", role),
        Instant.now());
  }

  private List<String> titles() {
    return world.receiver.taken().stream().map(got -> json(got).path("title").asString()).toList();
  }

  private static JsonNode json(Got got) {
    return JsonMapper.shared().readTree(got.text());
  }
}
