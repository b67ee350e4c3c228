package dev.remit.server.notifications;

import static org.awaitility.Awaitility.await;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import dev.remit.kernel.identity.PersonName;
import dev.remit.kernel.identity.Role;
import dev.remit.kernel.identity.Stage;
import dev.remit.kernel.identity.WorkflowName;
import dev.remit.kernel.ledger.Entry;
import dev.remit.kernel.ledger.EntryType;
import dev.remit.server.crypto.MasterKey;
import dev.remit.server.emergency.EmergencyConfig;
import dev.remit.server.export.Receiver;
import dev.remit.server.export.Transmitter;
import dev.remit.server.export.WebhookKeys;
import dev.remit.server.findings.Finding;
import dev.remit.server.findings.Findings;
import dev.remit.server.ledger.Audited;
import dev.remit.server.ledger.KeyWrap;
import dev.remit.server.ledger.Ledger;
import dev.remit.server.ledger.LedgerConfig;
import dev.remit.server.ledger.LedgerReader;
import dev.remit.server.notifications.Channel.Email;
import dev.remit.server.notifications.Channel.Wants;
import dev.remit.server.registry.Declared;
import dev.remit.server.registry.Person;
import dev.remit.server.registry.Person.Delegate;
import dev.remit.server.registry.Person.Period;
import dev.remit.server.registry.Registered;
import dev.remit.server.registry.Workflow;
import dev.remit.server.store.Database;
import dev.remit.server.store.TestDatabase;
import jakarta.mail.MessagingException;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// A node with a ledger, declared people, a mail server and an HTTP server. Anna owns `invoices`,
/// ben and cleo approve, dora stands in for cleo. Closing it verifies the ledger.
final class NotificationWorld implements AutoCloseable {
  static final String KEY = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwMfKQ9r8GKYqr";
  private static final URI HERE = URI.create("https://remit.example");

  final Instant now = Instant.now();
  final Receiver receiver = new Receiver();
  final GreenMail mail = new GreenMail(new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP));
  private final Database database = Database.open(TestDatabase.freshConfig());
  private final KeyWrap kek =
      KeyWrap.of(MasterKey.open(TestDatabase.enterable("notify-"), Map.of()));
  final Ledger ledger =
      Ledger.open(
          database, new LedgerConfig("node-1", "ledger.test/n"), kek, InstantSource.system());
  final LedgerReader reader = new LedgerReader(database, ledger, kek);
  final Findings findings = new Findings(database, ledger);
  final List<Declared> declared =
      new ArrayList<>(
          List.of(
              workflow("anna"),
              person("anna", Role.OWNER, Role.APPROVER),
              person("ben", Role.APPROVER),
              person("cleo", Role.APPROVER),
              person("dora", Role.AUDITOR),
              person("sven", Role.SECURITY)));
  Set<Role> breakers = EmergencyConfig.DEFAULT.roles();
  private @Nullable Notifications notifications;

  NotificationWorld() {
    mail.start();
  }

  static Person person(String name, Role... roles) {
    return new Person(
        new PersonName(name),
        name,
        Optional.of(name + "@example.org"),
        Optional.empty(),
        Set.of(roles),
        true);
  }

  /// The same person, away, with somebody who stands in.
  static Person away(Person person, String standIn) {
    var period = new Period(Instant.now().minusSeconds(60), Instant.now().plus(Duration.ofDays(7)));
    return new Person(
        person.name(),
        person.displayName(),
        person.email(),
        person.subject(),
        person.roles(),
        true,
        Optional.empty(),
        Optional.of(period),
        List.of(new Delegate(new PersonName(standIn), person.roles(), period)));
  }

  static Workflow workflow(String owner) {
    return new Workflow(
        new WorkflowName("invoices"),
        "Match invoices to orders",
        new PersonName(owner),
        Optional.empty(),
        "oncall@example.org",
        Set.of("internal"),
        Set.of("read-invoices"),
        Stage.PILOT,
        Optional.of(Instant.now().plus(Duration.ofDays(90))),
        Duration.ofDays(365),
        ZoneOffset.UTC);
  }

  void declare(Declared one) {
    declared.removeIf(other -> other.kind() == one.kind() && other.key().equals(one.key()));
    declared.add(one);
  }

  Registered registered() {
    return new Registered(1, List.copyOf(declared));
  }

  Email email(String... fixed) {
    return email(Email.Security.NONE, fixed);
  }

  Email email(Email.Security security, String... fixed) {
    return new Email(
        "127.0.0.1",
        mail.getSmtp().getPort(),
        security,
        "",
        Optional.empty(),
        "remit@example.org",
        List.of(fixed));
  }

  Channel.Webhook webhook() {
    return new Channel.Webhook(receiver.url(), WebhookKeys.parse(KEY), Optional.empty());
  }

  static Channel channel(String name, Channel.Way way) {
    return new Channel(name, way, Wants.ALL);
  }

  /// Quick to try again, and to complain.
  NotificationConfig config(Channel... channels) {
    return new NotificationConfig(
        List.of(channels),
        HERE,
        Duration.ofDays(14),
        Duration.ofSeconds(2),
        Duration.ofMillis(20),
        Duration.ofMillis(20),
        Duration.ofMillis(100),
        3,
        Duration.ofMillis(300),
        breakers);
  }

  Notifications begin(Channel... channels) {
    end();
    notifications =
        new Notifications(
            config(channels),
            database,
            ledger,
            reader,
            findings,
            new NobodyTransmits(),
            this::registered,
            InstantSource.system());
    // A channel begins with what is recorded from its first start on.
    for (var channel : channels) {
      until(() ->
          database.transact(tx ->
              tx.one(
                      "SELECT 1 AS n FROM export_position WHERE name = ?",
                      row -> row.number("n"),
                      "notifications/" + channel.name())
                  .isPresent()));
    }
    return notifications;
  }

  Notifications notifications() {
    if (notifications == null) {
      throw new IllegalStateException("no channel runs");
    }
    return notifications;
  }

  void end() {
    if (notifications != null) {
      notifications.close();
      notifications = null;
    }
  }

  /// Records that a call was held.
  void opened(String approval, String target) {
    ledger.append(about(EntryType.APPROVAL_OPENED, approval, target));
  }

  /// Records what became of it.
  void settled(String approval, String outcome, String by) {
    ledger.append(
        about(EntryType.APPROVAL_SETTLED, approval, "files/write_file")
            .with("outcome", outcome)
            .with("by", by));
  }

  private static Entry about(EntryType type, String approval, String target) {
    return Entry.of(type, Instant.now())
        .with("approval", approval)
        .with("of", "dec_1")
        .with("identity", "spiffe://remit.test/invoices/agent")
        .with("workflow", "invoices")
        .with("task", "tsk_1")
        .with("intent", "read-invoices")
        .with("method", "tools/call")
        .with("resource", "files")
        .with("target", target)
        .with("because", List.of("hold-writes"))
        .with("roles", List.of("approver"))
        .with("lapsesAt", Instant.now().plusSeconds(600));
  }

  /// Until every channel has passed everything that is in the ledger.
  void settle() {
    until(() ->
        notifications().list().stream()
            .allMatch(one -> one.progress().lag() == 0 && one.progress().held() == 0));
  }

  static void until(BooleanSupplier holds) {
    await()
        .atMost(Duration.ofSeconds(20))
        .pollInterval(Duration.ofMillis(20))
        .until(holds::getAsBoolean);
  }

  List<MimeMessage> mails() {
    return List.of(mail.getReceivedMessages());
  }

  static String header(MimeMessage mail, String name) {
    try {
      var values = mail.getHeader(name);
      return values == null ? "" : String.join("|", values);
    } catch (MessagingException e) {
      throw new IllegalStateException(e);
    }
  }

  static String subject(MimeMessage mail) {
    try {
      return mail.getSubject();
    } catch (MessagingException e) {
      throw new IllegalStateException(e);
    }
  }

  static String text(MimeMessage mail) {
    try {
      return ((String) mail.getContent()).replace("\r\n", "\n");
    } catch (MessagingException e) {
      throw new IllegalStateException(e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  List<Finding> found(String kind) {
    return findings.newest().stream().filter(one -> one.kind().equals(kind)).toList();
  }

  /// Channels send no security event tokens.
  private static final class NobodyTransmits implements Transmitter {
    @Override
    public URI issuer() {
      return HERE;
    }

    @Override
    public String sign(byte[] claims, Instant now) {
      throw new IllegalStateException("a channel signs no tokens");
    }

    @Override
    public Optional<String> subject(String identity) {
      return Optional.empty();
    }
  }

  @Override
  public void close() {
    end();
    mail.stop();
    receiver.close();
    Audited.close(ledger, reader);
    database.close();
  }
}
