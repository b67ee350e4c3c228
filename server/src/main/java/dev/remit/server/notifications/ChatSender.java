package dev.remit.server.notifications;

import dev.remit.server.export.Delivered;
import dev.remit.server.export.HttpSender;
import dev.remit.server.export.HttpVerdict;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/// A message to the incoming webhook of a chat. Its address is what we are known by there.
final class ChatSender implements Sender {
  private static final Map<String, String> HEADERS =
      Map.of("Content-Type", "application/json; charset=utf-8");

  private final URI url;
  private final Function<Message, byte[]> said;
  private final HttpSender http;

  /// @param said the message in the chat's own form
  ChatSender(
      URI url, Function<Message, byte[]> said, Duration within, CompletableFuture<Void> stopping) {
    this.url = url;
    this.said = said;
    this.http = new HttpSender(within, stopping);
  }

  @Override
  public Delivered send(Message message, Instant now) {
    return HttpVerdict.of(http.post(url, HEADERS, Optional.empty(), said.apply(message)), now);
  }

  @Override
  public void close() {
    http.close();
  }
}
