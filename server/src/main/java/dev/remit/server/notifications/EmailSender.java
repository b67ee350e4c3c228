package dev.remit.server.notifications;

import dev.remit.server.export.Delivered;
import dev.remit.server.export.HttpSender;
import dev.remit.server.export.Secret;
import jakarta.mail.Address;
import jakarta.mail.AuthenticationFailedException;
import jakarta.mail.MessagingException;
import jakarta.mail.SendFailedException;
import jakarta.mail.Session;
import jakarta.mail.internet.InternetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import org.eclipse.angus.mail.smtp.SMTPSendFailedException;
import org.eclipse.angus.mail.util.MailConnectException;
import org.jspecify.annotations.Nullable;

/// Brings mail to one server: a connection for each, all recipients in one transaction, so that
/// what is sent again is sent to all of them again under the same id.
///
/// What the server says is not passed on: it may repeat what it was sent. Source: RFC 5321, RFC
/// 3207.
final class EmailSender implements Sender {
  private static final int REFUSED_FOR_GOOD = 500;

  private final Channel.Email email;
  private final String host;
  private final Addresses addresses;
  private final Duration within;
  private final CompletableFuture<Void> stopping;
  private final Session session;

  /// @param host of this server
  /// @param stopping done when nobody waits for answers any more
  EmailSender(
      Channel.Email email,
      String host,
      Addresses addresses,
      Duration within,
      CompletableFuture<Void> stopping) {
    this.email = email;
    this.host = host;
    this.addresses = addresses;
    this.within = within;
    this.stopping = stopping;
    this.session = Session.getInstance(properties(email, host, within));
  }

  private static Properties properties(Channel.Email email, String host, Duration within) {
    var millis = Long.toString(within.toMillis());
    var properties = new Properties();
    properties.setProperty("mail.smtp.localhost", host);
    properties.setProperty("mail.smtp.connectiontimeout", millis);
    properties.setProperty("mail.smtp.timeout", millis);
    properties.setProperty("mail.smtp.writetimeout", millis);
    properties.setProperty("mail.smtp.auth", Boolean.toString(!email.user().isEmpty()));
    properties.setProperty("mail.smtp.sendpartial", "true");
    properties.setProperty("mail.smtp.ssl.checkserveridentity", "true");
    switch (email.security()) {
      case TLS -> properties.setProperty("mail.smtp.ssl.enable", "true");
      case STARTTLS -> {
        properties.setProperty("mail.smtp.starttls.enable", "true");
        properties.setProperty("mail.smtp.starttls.required", "true");
      }
      case NONE -> {}
    }
    return properties;
  }

  @Override
  public Delivered send(Message message, Instant now) {
    var texts = recipients(message);
    var to = texts.stream().map(EmailMessage::address).flatMap(Optional::stream).toList();
    // Set aside, and so recorded and found, for those whom it cannot reach; it holds up nobody
    // else.
    if (to.isEmpty()) {
      return new Delivered.TakenInPart(1, "nobody whom it is meant for has an e-mail address");
    }
    var sent =
        awaited(
            CompletableFuture.supplyAsync(
                () -> sent(message, to), task -> Thread.ofVirtual().name("smtp").start(task)));
    return sent instanceof Delivered.Taken && to.size() < texts.size()
        ? new Delivered.TakenInPart(
            texts.size() - (long) to.size(), "somebody's address is not one plain address")
        : sent;
  }

  /// Whoever is configured, else whom it is meant for.
  private List<String> recipients(Message message) {
    var texts =
        email.fixed().isEmpty()
            ? message.to().stream().sorted().map(addresses::of).flatMap(Optional::stream)
            : email.fixed().stream();
    return texts.distinct().toList();
  }

  private Delivered sent(Message message, List<InternetAddress> to) {
    try (var transport = session.getTransport("smtp")) {
      var mail =
          new EmailMessage(session, message, host, new InternetAddress(email.from(), true), to);
      var user = email.user().isEmpty() ? null : email.user();
      var password = email.password().map(Secret::reveal).orElse(null);
      transport.connect(email.host(), email.port(), user, password);
      transport.sendMessage(mail, to.toArray(InternetAddress[]::new));
      return new Delivered.Taken();
    } catch (AuthenticationFailedException e) {
      return new Delivered.Later("it does not accept our user and password");
    } catch (MailConnectException e) {
      return new Delivered.Later("it cannot be reached");
    } catch (SendFailedException e) {
      return refused(e);
    } catch (MessagingException e) {
      return causes(e).anyMatch(SSLException.class::isInstance)
          ? new Delivered.Later("its certificate is not trusted, or TLS failed")
          : e.getMessage() != null && e.getMessage().startsWith("STARTTLS is required")
              ? new Delivered.Later("it offers no STARTTLS, and mail is not sent in the clear")
              : new Delivered.Failed("it broke off before it had taken the mail");
    }
  }

  /// Some or all of the recipients, or the mail itself.
  private static Delivered refused(SendFailedException e) {
    int taken = count(e.getValidSentAddresses());
    int unsent = count(e.getValidUnsentAddresses());
    int bad = count(e.getInvalidAddresses());
    if (taken > 0) {
      return new Delivered.TakenInPart(unsent + (long) bad, "it does not take every recipient");
    }
    boolean forGood =
        e instanceof SMTPSendFailedException failed
            ? failed.getReturnCode() >= REFUSED_FOR_GOOD
            : unsent == 0;
    return forGood
        ? new Delivered.Refused("it does not take the mail")
        : new Delivered.Failed("it does not take the mail now");
  }

  private static int count(Address @Nullable [] some) {
    return some == null ? 0 : some.length;
  }

  private static Stream<Throwable> causes(Throwable e) {
    return Stream.iterate(e, cause -> cause != null, Throwable::getCause);
  }

  private Delivered awaited(CompletableFuture<Delivered> sending) {
    try {
      CompletableFuture.anyOf(sending, stopping)
          .get(within.multipliedBy(2).toMillis(), TimeUnit.MILLISECONDS);
      return sending.isDone() ? sending.get() : new Delivered.Later(HttpSender.STOPPING);
    } catch (TimeoutException e) {
      return new Delivered.Failed("it did not take the mail within " + within.toMillis() + " ms");
    } catch (ExecutionException e) {
      throw new IllegalStateException("mail could not be written", e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Delivered.Later(HttpSender.STOPPING);
    }
  }

  @Override
  public void close() {
    // A connection lives for one mail.
  }
}
