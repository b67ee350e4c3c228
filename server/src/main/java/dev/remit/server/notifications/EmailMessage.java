package dev.remit.server.notifications;

import jakarta.mail.Message.RecipientType;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.internet.AddressException;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.nio.charset.StandardCharsets;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// A message as plain text mail. No HTML: there is nothing in it that could be markup.
///
/// Its `Message-ID` is the same each time it is sent, and all mail about one thing refers to one
/// id, so that mail programs show it together. Source: RFC 5322, sections 3.6.4 and 3.6.5; RFC 3834
/// for what keeps others from answering it automatically.
final class EmailMessage extends MimeMessage {
  private static final int SUBJECT_MAX = 180;

  private final String id;

  /// @param host of this server, for ids
  /// @param to has passed [#address]
  EmailMessage(
      Session session, Message message, String host, InternetAddress from, List<InternetAddress> to)
      throws MessagingException {
    super(session);
    this.id = "<" + message.id() + "@" + host + ">";
    setFrom(from);
    setRecipients(RecipientType.TO, to.toArray(InternetAddress[]::new));
    setSubject("[Remit] " + Plain.line(message.title(), SUBJECT_MAX), "UTF-8");
    setSentDate(Date.from(message.at()));
    var thread = "<" + message.thread().replaceAll("[^A-Za-z0-9_.-]", "-") + "@" + host + ">";
    setHeader("References", thread);
    setHeader("In-Reply-To", thread);
    setHeader("Auto-Submitted", "auto-generated");
    setText(text(message), StandardCharsets.UTF_8.name());
    saveChanges();
  }

  /// Returns an address if `text` is exactly one, without a name or a line break.
  static Optional<InternetAddress> address(String text) {
    try {
      return Optional.of(new InternetAddress(text, true))
          .filter(address -> address.getAddress().equals(text))
          .filter(_ -> text.codePoints().noneMatch(Character::isISOControl));
    } catch (AddressException e) {
      return Optional.empty();
    }
  }

  private static String text(Message message) {
    return message.title()
        + "\n\n"
        + message.lines().stream()
            .map(fact -> fact.name() + ": " + fact.value())
            .collect(Collectors.joining("\n"))
        + "\n\nLook at it: "
        + message.link()
        + "\n\nNothing is agreed to by mail, and no link in it agrees to anything.\n";
  }

  @Override
  protected void updateMessageID() throws MessagingException {
    setHeader("Message-ID", id);
  }
}
