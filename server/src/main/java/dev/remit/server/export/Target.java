package dev.remit.server.export;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/// Where an export goes, and so in which format.
public sealed interface Target {

  /// Returns what one that goes there is called; findings say so.
  default String noun() {
    return "export";
  }

  /// Returns how it is named to people: without secrets, and without the query of a URL.
  String shown();

  /// Returns the word of its format.
  String format();

  /// A webhook that takes CloudEvents one by one.
  ///
  /// @param sender who is said to send: the host of this server
  /// @param handshake whether it is asked for its consent first
  record Webhook(
      URI url, WebhookKeys keys, Optional<Secret> token, String sender, boolean handshake)
      implements Target {
    @Override
    public String shown() {
      return withoutQuery(url);
    }

    @Override
    public String format() {
      return "cloudevents";
    }
  }

  /// An HTTP endpoint that takes OCSF events, one a line.
  record OcsfLines(URI url, Optional<Secret> token) implements Target {
    @Override
    public String shown() {
      return withoutQuery(url);
    }

    @Override
    public String format() {
      return "ocsf";
    }
  }

  /// A file to which OCSF events are added, one a line.
  record OcsfFile(Path path) implements Target {
    @Override
    public String shown() {
      return path.toString();
    }

    @Override
    public String format() {
      return "ocsf";
    }
  }

  /// A receiver of OTLP over HTTP.
  ///
  /// @param url what `/v1/logs` and `/v1/traces` are below
  record Otlp(URI url, Optional<Secret> token) implements Target {
    @Override
    public String shown() {
      return withoutQuery(url);
    }

    @Override
    public String format() {
      return "opentelemetry";
    }
  }

  /// A receiver of security event tokens.
  ///
  /// @param audience how it is named in them
  record SecurityEvents(URI url, Optional<Secret> token, String audience) implements Target {
    @Override
    public String shown() {
      return withoutQuery(url);
    }

    @Override
    public String format() {
      return "security-events";
    }
  }

  /// A topic of Kafka, which takes CloudEvents.
  ///
  /// @param user whom to authenticate as by SCRAM-SHA-512; empty for nobody
  record Kafka(
      List<String> brokers, String topic, boolean tls, String user, Optional<Secret> password)
      implements Target {
    public Kafka {
      brokers = List.copyOf(brokers);
    }

    @Override
    public String shown() {
      return String.join(",", brokers) + "/" + topic;
    }

    @Override
    public String format() {
      return "kafka";
    }
  }

  /// A channel by which people are told: it makes messages of entries itself.
  ///
  /// @param shown without secrets
  record Channel(String shown, String format, Opening opening) implements Target {
    @Override
    public String noun() {
      return "channel";
    }
  }

  /// How such a channel is opened when its export starts.
  @FunctionalInterface
  interface Opening {

    /// Returns the destination, ready to be sent to.
    ///
    /// @param stopping done when nobody waits for answers any more
    Destination open(CompletableFuture<Void> stopping);
  }

  private static String withoutQuery(URI url) {
    var text = url.toString();
    int query = text.indexOf('?');
    return query < 0 ? text : text.substring(0, query);
  }
}
