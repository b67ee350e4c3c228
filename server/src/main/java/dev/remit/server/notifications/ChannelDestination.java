package dev.remit.server.notifications;

import dev.remit.server.export.Delivered;
import dev.remit.server.export.Destination;
import dev.remit.server.export.format.Outgoing;
import java.time.InstantSource;
import java.util.List;

/// Lets a channel be served like an export: each entry makes a message or none.
final class ChannelDestination implements Destination {
  private final Channel channel;
  private final Messages messages;
  private final Sender sender;
  private final Counts counts;
  private final InstantSource clock;

  ChannelDestination(
      Channel channel, Messages messages, Sender sender, Counts counts, InstantSource clock) {
    this.channel = channel;
    this.messages = messages;
    this.sender = sender;
    this.counts = counts;
    this.clock = clock;
  }

  @Override
  public Delivered deliver(List<Outgoing> entries) {
    var now = clock.instant();
    var message = messages.of(entries.getFirst(), now).filter(channel.wants()::takes);
    if (message.isEmpty()) {
      return new Delivered.Taken();
    }
    var delivered = sender.send(message.get(), now);
    counts.count(channel.name(), delivered);
    return delivered;
  }

  /// One message is one request, so that none is sent twice because of another.
  @Override
  public int atOnceMax() {
    return 1;
  }

  /// What was settled is told after what was opened.
  @Override
  public boolean isInOrder() {
    return true;
  }

  @Override
  public void close() {
    sender.close();
  }
}
