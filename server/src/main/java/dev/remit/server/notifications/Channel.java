package dev.remit.server.notifications;

import dev.remit.kernel.identity.Role;
import dev.remit.server.export.Secret;
import dev.remit.server.export.WebhookKeys;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// One way in which people are told.
///
/// @param name tells it from others of this node, and finds its position again
public record Channel(String name, Way way, Wants wants) {

  /// What goes there.
  ///
  /// @param about those about these things; empty for all
  /// @param roles those that are meant for somebody with one of these roles; empty for all
  /// @param workflows those of these workflows; empty for all, also those of none
  public record Wants(Set<About> about, Set<Role> roles, Set<String> workflows) {
    public static final Wants ALL = new Wants(Set.of(), Set.of(), Set.of());

    public Wants {
      about = Set.copyOf(about);
      roles = Set.copyOf(roles);
      workflows = Set.copyOf(workflows);
    }

    boolean takes(Message message) {
      return (about.isEmpty() || about.contains(message.about()))
          && (roles.isEmpty() || message.roles().stream().anyMatch(roles::contains))
          && (workflows.isEmpty() || workflows.contains(message.workflow()));
    }
  }

  /// How it is reached.
  public sealed interface Way permits Email, Webhook, Slack, Teams {

    /// Returns how it is named to people, without secrets.
    String shown();

    /// Returns the word of its kind.
    String word();
  }

  /// A server that takes mail.
  ///
  /// @param security how the connection is kept from being read
  /// @param user whom to authenticate as; empty for nobody
  /// @param from the sender's address
  /// @param fixed addresses that get every message; where there are none, each person asked gets it
  ///   at their own declared address
  public record Email(
      String host,
      int port,
      Security security,
      String user,
      Optional<Secret> password,
      String from,
      List<String> fixed)
      implements Way {
    public Email {
      fixed = List.copyOf(fixed);
    }

    /// How mail is kept from being read on its way.
    public enum Security {
      /// TLS from the first byte.
      TLS,
      /// TLS after a word in the clear, without which nothing is sent.
      STARTTLS,
      /// None: to this machine only.
      NONE
    }

    @Override
    public String shown() {
      return (security == Security.TLS ? "smtps://" : "smtp://") + host + ":" + port;
    }

    @Override
    public String word() {
      return "email";
    }
  }

  /// A webhook that takes messages as JSON, signed as Standard Webhooks says.
  public record Webhook(URI url, WebhookKeys keys, Optional<Secret> token) implements Way {
    @Override
    public String shown() {
      return url.getScheme() + "://" + url.getAuthority() + url.getPath();
    }

    @Override
    public String word() {
      return "webhook";
    }
  }

  /// An incoming webhook of Slack, or of what takes the same. Its address is its secret.
  public record Slack(URI url) implements Way {
    @Override
    public String shown() {
      return url.getScheme() + "://" + url.getAuthority() + "/…";
    }

    @Override
    public String word() {
      return "slack";
    }
  }

  /// A workflow of Teams that takes Adaptive Cards. Its address is its secret.
  public record Teams(URI url) implements Way {
    @Override
    public String shown() {
      return url.getScheme() + "://" + url.getAuthority() + "/…";
    }

    @Override
    public String word() {
      return "teams";
    }
  }
}
