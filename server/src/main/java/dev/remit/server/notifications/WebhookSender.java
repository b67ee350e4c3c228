package dev.remit.server.notifications;

import dev.remit.kernel.identity.PersonName;
import dev.remit.kernel.identity.Word;
import dev.remit.server.export.Delivered;
import dev.remit.server.export.HttpSender;
import dev.remit.server.export.HttpVerdict;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import tools.jackson.databind.json.JsonMapper;

/// A message as JSON, signed so that its receiver knows that we sent it, and when.
///
/// Source: Standard Webhooks 1.0.0. What was sent before is sent again under the same id.
final class WebhookSender implements Sender {
  private static final JsonMapper JSON = JsonMapper.shared();

  private final Channel.Webhook hook;
  private final HttpSender http;

  WebhookSender(Channel.Webhook hook, Duration within, CompletableFuture<Void> stopping) {
    this.hook = hook;
    this.http = new HttpSender(within, stopping);
  }

  @Override
  public Delivered send(Message message, Instant now) {
    var body = bytes(message);
    var headers =
        Map.of(
            "Content-Type",
            "application/json; charset=utf-8",
            "webhook-id",
            message.id(),
            "webhook-timestamp",
            Long.toString(now.getEpochSecond()),
            "webhook-signature",
            hook.keys().sign(message.id(), now, body));
    return HttpVerdict.of(http.post(hook.url(), headers, hook.token(), body), now);
  }

  static byte[] bytes(Message message) {
    var json =
        JSON.createObjectNode()
            .put("id", message.id())
            .put("thread", message.thread())
            .put("about", message.about().word())
            .put("at", message.at().toString())
            .put("title", message.title())
            .put("link", message.link().toString());
    if (!message.workflow().isEmpty()) {
      json.put("workflow", message.workflow());
    }
    var facts = json.putArray("facts");
    message
        .facts()
        .forEach(fact -> facts.addObject().put("name", fact.name()).put("value", fact.value()));
    message
        .quoted()
        .ifPresent(
            said -> json.putObject("quoted").put("name", said.name()).put("value", said.value()));
    message.roles().stream().map(Word::word).sorted().forEach(json.putArray("roles")::add);
    message.to().stream().map(PersonName::value).sorted().forEach(json.putArray("to")::add);
    return JSON.writeValueAsBytes(json);
  }

  @Override
  public void close() {
    http.close();
  }
}
