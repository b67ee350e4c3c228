package dev.remit.server.notifications;

import dev.remit.kernel.identity.PersonName;
import dev.remit.server.export.Delivered;
import dev.remit.server.export.ExportConfig;
import dev.remit.server.export.Exports;
import dev.remit.server.export.Filter;
import dev.remit.server.export.Target;
import dev.remit.server.export.Transmitter;
import dev.remit.server.findings.Findings;
import dev.remit.server.ledger.Ledger;
import dev.remit.server.ledger.LedgerReader;
import dev.remit.server.registry.Person;
import dev.remit.server.registry.Registered;
import dev.remit.server.store.Database;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/// The channels of this node: each is served like an export of this node's log, from its first
/// start on, on a thread of its own.
public final class Notifications implements MeterBinder, AutoCloseable {
  private static final int BATCH_MAX = 200;
  private static final int HELD_MAX = 10_000;
  private static final int LAG_MAX = 100_000;

  private final NotificationConfig config;
  private final Messages messages;
  private final Addresses addresses;
  private final InstantSource clock;
  private final Counts counts = new Counts();
  private final Exports exports;

  /// Begins to tell people.
  ///
  /// @param transmitter not used by channels, but by what serves them
  public Notifications(
      NotificationConfig config,
      Database database,
      Ledger ledger,
      LedgerReader reader,
      Findings findings,
      Transmitter transmitter,
      Supplier<Registered> registered,
      InstantSource clock) {
    this.config = config;
    this.messages = new Messages(config.publicUrl(), config.breakers(), registered);
    this.addresses =
        name -> registered.get().person(name).filter(Person::active).flatMap(Person::email);
    this.clock = clock;
    this.exports =
        new Exports(
            config.channels().stream().map(this::served).toList(),
            database,
            ledger,
            reader,
            findings,
            transmitter,
            clock);
  }

  private ExportConfig served(Channel channel) {
    var target =
        new Target.Channel(
            channel.way().shown(),
            channel.way().word(),
            stopping ->
                new ChannelDestination(
                    channel,
                    messages,
                    Sender.of(channel, config, addresses, stopping),
                    counts,
                    clock));
    // What was recorded before the channel was there asks nobody any more.
    return new ExportConfig(
        position(channel.name()), target, new Filter(Messages.TOLD, Set.of()), true, bounds());
  }

  private ExportConfig.Bounds bounds() {
    return new ExportConfig.Bounds(
        BATCH_MAX,
        config.answerWithin(),
        config.pollEvery(),
        config.retryMin(),
        config.retryMax(),
        config.triesMax(),
        HELD_MAX,
        config.brokenAfter(),
        LAG_MAX);
  }

  /// No export has a name with a slash, so no position is shared with one.
  private static String position(String channel) {
    return "notifications/" + channel;
  }

  /// How one channel stands.
  ///
  /// @param taken messages that it has taken since this node was started
  record Standing(Channel channel, long taken, Exports.Progress progress) {}

  List<Standing> list() {
    var progress = exports.progress();
    return config.channels().stream()
        .map(channel ->
            new Standing(
                channel,
                counts.taken(channel.name()),
                progress.stream()
                    .filter(one -> one.name().equals(position(channel.name())))
                    .findFirst()
                    .orElseThrow()))
        .toList();
  }

  /// Sends a message that asks nothing, now.
  ///
  /// @return what the channel made of it; empty if there is no such channel
  Optional<Delivered> test(String name, PersonName by, Instant now) {
    return config.channels().stream()
        .filter(channel -> channel.name().equals(name))
        .findFirst()
        .map(channel -> {
          var stopping = new CompletableFuture<Void>();
          try (var sender = Sender.of(channel, config, addresses, stopping)) {
            return sender.send(messages.trial("test_" + UUID.randomUUID(), by, now), now);
          }
        });
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    counts.bindTo(registry, config.channels());
  }

  @Override
  public void close() {
    exports.close();
  }
}
