package dev.remit.server.notifications;

import static dev.remit.server.notifications.NotificationWorld.channel;
import static dev.remit.server.notifications.NotificationWorld.header;
import static dev.remit.server.notifications.NotificationWorld.person;
import static dev.remit.server.notifications.NotificationWorld.subject;
import static dev.remit.server.notifications.NotificationWorld.text;
import static dev.remit.server.notifications.NotificationWorld.until;
import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.kernel.identity.PersonName;
import dev.remit.kernel.identity.Role;
import dev.remit.server.export.Delivered;
import dev.remit.server.notifications.Channel.Email.Security;
import dev.remit.server.registry.Person;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Mail, at a real SMTP server.
@Tag("R93")
@Tag("R171")
class EmailTest {
  private final NotificationWorld world = new NotificationWorld();

  @AfterEach
  void close() {
    world.close();
  }

  @Test
  void who_may_answer_is_written_to_and_the_owner_who_asks_is_not() {
    world.begin(channel("mail", world.email()));

    world.opened("apr_1", "files/write_file");

    world.settle();
    assertThat(world.mails()).hasSize(2); // One for each recipient of one mail.
    var mail = world.mails().getFirst();
    assertThat(header(mail, "To")).isEqualTo("ben@example.org, cleo@example.org");
    assertThat(subject(mail)).isEqualTo("[Remit] A call of workflow `invoices` waits");
    assertThat(text(mail))
        .contains("Needs: approver", "Wants: “tools/call files/write_file”")
        .contains("Look at it: https://remit.example/console/approvals/apr_1\n");
    assertThat(header(mail, "Auto-Submitted")).isEqualTo("auto-generated");
    assertThat(header(mail, "Content-Type")).startsWith("text/plain");
  }

  @Test
  void the_owner_learns_who_approved_in_the_same_thread() {
    world.begin(channel("mail", world.email()));
    world.opened("apr_1", "files/write_file");

    world.settled("apr_1", "granted", "ben");
    world.settled("apr_1", "consumed", "remit");

    world.settle();
    var opened = world.mails().getFirst();
    var settled = world.mails().getLast();
    assertThat(world.mails()).hasSize(3);
    assertThat(header(settled, "To")).isEqualTo("anna@example.org");
    assertThat(subject(settled))
        .isEqualTo("[Remit] A held call of workflow `invoices` was approved by ben");
    assertThat(header(settled, "References")).isEqualTo(header(opened, "References"));
    assertThat(header(settled, "Message-ID")).isNotEqualTo(header(opened, "Message-ID"));
  }

  @Test
  @Tag("R17")
  void instead_of_who_is_away_their_delegate_is_written_to() {
    world.declare(NotificationWorld.away(person("cleo", Role.APPROVER), "dora"));
    world.begin(channel("mail", world.email()));

    world.opened("apr_1", "files/write_file");

    world.settle();
    assertThat(header(world.mails().getFirst(), "To"))
        .isEqualTo("ben@example.org, dora@example.org");
  }

  @Test
  @Tag("R17")
  void when_nobody_is_here_the_mail_says_whom_the_workflow_wants_reached() {
    world.declare(NotificationWorld.away(person("cleo", Role.APPROVER), "ben"));
    world.declare(NotificationWorld.away(person("ben", Role.APPROVER), "cleo"));
    world.begin(channel("mail", world.email("team@example.org")));

    world.opened("apr_1", "files/write_file");

    world.settle();
    assertThat(text(world.mails().getFirst()))
        .contains("Nobody who may answer is here. Reach: oncall@example.org");
  }

  @Test
  void what_an_agent_chose_adds_no_header_no_recipient_and_no_link() {
    world.begin(channel("mail", world.email()));

    world.opened(
        "apr_1",
        "x\r\nBcc: evil@example.net\r\n\r\n<a href=\"http://evil.example\">ok</a> \u202Efdp");

    world.settle();
    var mail = world.mails().getFirst();
    assertThat(world.mails()).hasSize(2);
    assertThat(header(mail, "Bcc")).isEmpty();
    assertThat(text(mail))
        .doesNotContain("http://evil", "evil@example.net", "\u202E")
        .contains("http[:]//evil[.]example", "U+202E");
  }

  @Test
  void a_mail_server_that_is_away_gets_the_same_mail_once_it_is_back() {
    world.begin(channel("mail", world.email("team@example.org")));
    int port = world.mail.getSmtp().getPort();
    world.mail.stop();

    world.opened("apr_1", "files/write_file");
    until(() -> world.notifications().list().getFirst().progress().trouble().isPresent());
    until(() -> !world.found("channel-refused").isEmpty());
    try (var back = new MailServer(port)) {
      world.settle();

      assertThat(subject(back.received().getFirst()))
          .isEqualTo("[Remit] A call of workflow `invoices` waits");
      assertThat(world.found("channel-refused").getFirst().summary())
          .contains("notifications/mail", "it cannot be reached");
    }
  }

  @Test
  void mail_is_not_sent_in_the_clear_where_tls_is_asked_for() {
    var notifications =
        world.begin(channel("mail", world.email(Security.STARTTLS, "team@example.org")));

    var delivered = notifications.test("mail", new PersonName("anna"), world.now).orElseThrow();

    assertThat(delivered).isInstanceOf(Delivered.Later.class);
    assertThat(((Delivered.Later) delivered).why()).contains("STARTTLS");
    assertThat(world.mails()).isEmpty();
  }

  @Test
  void an_address_that_is_not_one_address_gets_no_mail_and_the_others_do() {
    world.declare(
        new Person(
            new PersonName("ben"),
            "ben",
            Optional.of("ben@example.org,evil@example.net"),
            Optional.empty(),
            Set.of(Role.APPROVER),
            true));
    world.begin(channel("mail", world.email()));

    world.opened("apr_1", "files/write_file");

    until(() -> world.notifications().list().getFirst().progress().setAside() > 0);
    assertThat(header(world.mails().getFirst(), "To")).isEqualTo("cleo@example.org");
    assertThat(world.found("channel-entry-refused")).hasSize(1);
  }
}
