package dev.remit.server.section;

import static dev.remit.server.settings.Bounds.between;
import static dev.remit.server.settings.Bounds.checkName;
import static dev.remit.server.settings.Bounds.isHttpsOrHere;

import dev.remit.kernel.identity.Role;
import dev.remit.server.notifications.About;
import dev.remit.server.settings.Setting;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/// How people are told what asks them.
public record NotificationsSection(
    @Setting(says = "where they are told") List<Channel> channels,
    @Setting(value = "14d", says = "how long before its end a pilot is a finding")
        Duration pilotAhead,
    @Setting(value = "15s", says = "longest wait for what a channel answers") Duration answerWithin,
    @Setting(value = "1s", says = "how often is looked for what is to be told") Duration pollEvery,
    @Setting(value = "2s", says = "shortest wait after a failure; it doubles each time")
        Duration retryMin,
    @Setting(value = "5m", says = "longest such wait") Duration retryMax,
    @Setting(
            value = "10",
            says = "how often one message may be refused before it is set aside, and recorded")
        int triesMax,
    @Setting(value = "15m", says = "how long a channel may take nothing before that is a finding")
        Duration brokenAfter) {
  public NotificationsSection {
    channels = List.copyOf(channels);
    var names = channels.stream().map(Channel::name).toList();
    if (names.size() != Set.copyOf(names).size() || names.size() > 32) {
      throw new IllegalArgumentException(
          "`channels` are at most 32, each with its own name, was " + names);
    }
    between("pilotAhead", pilotAhead, Duration.ZERO, Duration.ofDays(180));
    between("answerWithin", answerWithin, Duration.ofMillis(100), Duration.ofMinutes(5));
    between("pollEvery", pollEvery, Duration.ofMillis(10), Duration.ofHours(1));
    between("retryMin", retryMin, Duration.ofMillis(10), Duration.ofMinutes(10));
    between("retryMax", retryMax, retryMin, Duration.ofHours(24));
    between("triesMax", triesMax, 1, 1_000);
    between("brokenAfter", brokenAfter, Duration.ZERO, Duration.ofDays(30));
  }

  /// One way to tell people. Secrets come from the environment: `REMIT_NOTIFY_NAME_KEY`, `_TOKEN`,
  /// `_PASSWORD` and `_URL`, with the name in capitals and `_` for `-`.
  public record Channel(
      @Setting(
              required = true,
              says = "1 to 40 of `a-z`, `0-9` and `-`; its position is kept under this name")
          String name,
      @Setting(
              required = true,
              says =
                  "`email` is mail by SMTP; `webhook` is JSON, signed as Standard Webhooks says;"
                      + " `slack` and `teams` are incoming webhooks of a chat")
          ChannelKind kind,
      @Setting(
              says =
                  "where to: `smtp://host:port` (by STARTTLS, but on this machine) or"
                      + " `smtps://host:port`; else a URL, https unless on this machine. Of `slack`"
                      + " and `teams` it is secret, and comes from the environment")
          URI to,
      @Setting(says = "for `email`, the address of the sender") String from,
      @Setting(
              says =
                  "for `email`, addresses that get every message; by default each person asked gets"
                      + " it at their declared address")
          List<String> recipients,
      @Setting(says = "for `email`, whom to authenticate as; by default nobody") String user,
      @Setting(
              says =
                  "what about: `approvals`, `findings`, `resumptions`, `apply-requests`, `enforcement`; by"
                      + " default all")
          List<About> about,
      @Setting(says = "only what is meant for one of these roles; by default all") List<Role> roles,
      @Setting(says = "only of these workflows; by default all, and what is about none")
          List<String> workflows) {
    public enum ChannelKind {
      EMAIL,
      WEBHOOK,
      SLACK,
      TEAMS
    }

    public Channel {
      recipients = List.copyOf(recipients);
      about = List.copyOf(about);
      roles = List.copyOf(roles);
      workflows = List.copyOf(workflows);
      checkName(name);
      var wrong =
          switch (kind) {
            case EMAIL -> notMail(to, from);
            case WEBHOOK ->
                isHttpsOrHere(to) && to.getUserInfo() == null
                    ? ""
                    : "`to` has to be an https address without a user";
            case SLACK, TEAMS ->
                to.toString().isEmpty()
                    ? ""
                    : "the address is secret: set REMIT_NOTIFY_"
                        + name.toUpperCase(Locale.ROOT).replace('-', '_')
                        + "_URL and leave out `to`";
          };
      if (!wrong.isEmpty()) {
        throw new IllegalArgumentException("the channel `" + name + "`: " + wrong);
      }
    }

    private static String notMail(URI to, String from) {
      boolean known = "smtp".equals(to.getScheme()) || "smtps".equals(to.getScheme());
      if (!known || to.getHost() == null || to.getPort() < 0 || to.getUserInfo() != null) {
        return "`to` is written `smtp://host:port` or `smtps://host:port`";
      }
      return MAIL.matcher(from).matches()
          ? ""
          : "`from` is the sender's address, such as remit@x.example";
    }

    private static final Pattern MAIL = Pattern.compile("[^@\\s<>,;:]+@[^@\\s<>,;:]+");
  }
}
