package dev.remit.server;

import dev.remit.server.export.Secret;
import dev.remit.server.export.WebhookKeys;
import dev.remit.server.notifications.Channel;
import dev.remit.server.notifications.NotificationConfig;
import dev.remit.server.section.NotificationsSection;
import dev.remit.server.settings.SettingsWrong;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Says the channels of [Config] in their own words, each with its secrets from the environment.
final class NotificationSettings {
  private static final Set<String> HERE = Set.of("127.0.0.1", "localhost", "[::1]");

  private final Map<String, String> secrets;

  private NotificationSettings(Map<String, String> secrets) {
    this.secrets = secrets;
  }

  /// @throws SettingsWrong if a secret that is needed is not there, naming where it is looked for
  static NotificationConfig of(Config config, Map<String, String> secrets) {
    var settings = new NotificationSettings(secrets);
    var given = config.notifications();
    return new NotificationConfig(
        given.channels().stream().map(settings::channel).toList(),
        config.publicUrl(),
        given.pilotAhead(),
        given.answerWithin(),
        given.pollEvery(),
        given.retryMin(),
        given.retryMax(),
        given.triesMax(),
        given.brokenAfter(),
        Limits.emergency(config).roles());
  }

  private Channel channel(NotificationsSection.Channel given) {
    var way =
        switch (given.kind()) {
          case EMAIL -> email(given);
          case WEBHOOK -> new Channel.Webhook(given.to(), keys(given), secret(given, "TOKEN"));
          case SLACK -> new Channel.Slack(url(given));
          case TEAMS -> new Channel.Teams(url(given));
        };
    var wants =
        new Channel.Wants(
            Set.copyOf(given.about()), Set.copyOf(given.roles()), Set.copyOf(given.workflows()));
    return new Channel(given.name(), way, wants);
  }

  private Channel.Email email(NotificationsSection.Channel given) {
    var password = secret(given, "PASSWORD");
    if (given.user().isEmpty() == password.isPresent()) {
      throw wrong(given, "PASSWORD", "and `user` go together");
    }
    return new Channel.Email(
        given.to().getHost(),
        given.to().getPort(),
        security(given.to()),
        given.user(),
        password,
        given.from(),
        given.recipients());
  }

  /// In the clear only where nobody is in between.
  private static Channel.Email.Security security(URI to) {
    if ("smtps".equals(to.getScheme())) {
      return Channel.Email.Security.TLS;
    }
    return HERE.contains(to.getHost())
        ? Channel.Email.Security.NONE
        : Channel.Email.Security.STARTTLS;
  }

  private WebhookKeys keys(NotificationsSection.Channel given) {
    try {
      return WebhookKeys.parse(secret(given, "KEY").map(Secret::reveal).orElse(""));
    } catch (IllegalArgumentException e) {
      throw wrong(given, "KEY", String.valueOf(e.getMessage()));
    }
  }

  private URI url(NotificationsSection.Channel given) {
    var url = secret(given, "URL").map(Secret::reveal).orElse("");
    try {
      var uri = URI.create(url);
      boolean here = "http".equals(uri.getScheme()) && HERE.contains(String.valueOf(uri.getHost()));
      if (uri.getHost() != null && ("https".equals(uri.getScheme()) || here)) {
        return uri;
      }
    } catch (IllegalArgumentException e) {
      // Answered below, without the text: it is secret.
    }
    throw wrong(given, "URL", "is not set to the https address of the incoming webhook");
  }

  private Optional<Secret> secret(NotificationsSection.Channel given, String what) {
    return Optional.ofNullable(secrets.get(variable(given, what)))
        .filter(value -> !value.isBlank())
        .map(value -> new Secret(value.strip()));
  }

  private static SettingsWrong wrong(NotificationsSection.Channel given, String what, String why) {
    return new SettingsWrong(
        List.of(
            "channel `%s`: the environment variable %s %s"
                .formatted(given.name(), variable(given, what), why)));
  }

  private static String variable(NotificationsSection.Channel given, String what) {
    return "REMIT_NOTIFY_" + given.name().toUpperCase(Locale.ROOT).replace('-', '_') + "_" + what;
  }
}
