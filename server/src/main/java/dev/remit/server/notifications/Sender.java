package dev.remit.server.notifications;

import dev.remit.server.export.Delivered;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;

/// Says a message in the way of one channel, and brings it there.
interface Sender extends AutoCloseable {

  /// Returns once it is known, within a bounded time, what became of it.
  Delivered send(Message message, Instant now);

  @Override
  void close();

  /// Returns the sender that the kind of `channel` takes.
  ///
  /// @param stopping done when nobody waits for answers any more
  static Sender of(
      Channel channel,
      NotificationConfig config,
      Addresses addresses,
      CompletableFuture<Void> stopping) {
    var within = config.answerWithin();
    return switch (channel.way()) {
      case Channel.Email email ->
          new EmailSender(email, config.publicUrl().getHost(), addresses, within, stopping);
      case Channel.Webhook hook -> new WebhookSender(hook, within, stopping);
      case Channel.Slack slack ->
          new ChatSender(slack.url(), SlackMessage::bytes, within, stopping);
      case Channel.Teams teams ->
          new ChatSender(teams.url(), TeamsMessage::bytes, within, stopping);
    };
  }
}
