package dev.remit.server.lending;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.remit.kernel.identity.CredentialId;
import dev.remit.kernel.identity.Role;
import dev.remit.kernel.identity.TaskId;
import dev.remit.kernel.ledger.Entry;
import dev.remit.kernel.ledger.EntryType;
import dev.remit.kernel.ledger.Receipt;
import dev.remit.server.credentials.SecretName;
import dev.remit.server.credentials.SecretUnavailable;
import dev.remit.server.credentials.SecretValue;
import dev.remit.server.credentials.Secrets;
import dev.remit.server.findings.Finding;
import dev.remit.server.findings.Findings;
import dev.remit.server.gateway.CredentialDoor;
import dev.remit.server.gateway.CredentialDoor.Asking;
import dev.remit.server.gateway.CredentialDoor.Verdict;
import dev.remit.server.ledger.Ledger;
import dev.remit.server.registry.Registered;
import dev.remit.server.registry.Upstream;
import dev.remit.server.store.Database;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.Optional;
import java.util.function.Supplier;

/// Shows a secret as a value, for the rare work that cannot do without: once, by a link that only
/// the task it was handed to can use, and never unnoticed. This file is the whole path.
///
/// Handed out as any credential is, by the gateway's [CredentialDoor]; opened by the same task, in
/// good standing, where the resource still declares it. What is opened is used up, durably and with
/// its entry, and a finding is raised, before the value leaves: should anything fail from there on,
/// nobody has seen it and the link is spent.
final class Revealing {
  private static final int CODE_BYTES = 32;

  private final InstantSource clock;
  private final Duration linkFor;
  private final CredentialDoor door;
  private final Database database;
  private final Ledger ledger;
  private final Secrets secrets;
  private final Findings findings;
  private final Supplier<Registered> registered;
  private final SecureRandom random = new SecureRandom();
  private final LinkStore store = new LinkStore();

  Revealing(
      InstantSource clock,
      Duration linkFor,
      CredentialDoor door,
      Database database,
      Ledger ledger,
      Secrets secrets,
      Findings findings,
      Supplier<Registered> registered) {
    this.clock = clock;
    this.linkFor = linkFor;
    this.door = door;
    this.database = database;
    this.ledger = ledger;
    this.secrets = secrets;
    this.findings = findings;
    this.registered = registered;
  }

  /// A link, told once, here.
  record Offered(Link link, String code, Receipt receipt) {

    /// Without the code.
    @Override
    public String toString() {
      return link.id().value();
    }
  }

  Offered offer(Asking asking, Verdict.Yes yes, CredentialDoor.Wanted.Reveal wanted) {
    var now = clock.instant().truncatedTo(ChronoUnit.MICROS);
    byte[] bytes = new byte[CODE_BYTES];
    random.nextBytes(bytes);
    var code = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    var link =
        new Link(
            CredentialId.fresh(now),
            yes.claims().task(),
            yes.claims().subject(),
            asking.resource(),
            asking.profile(),
            new SecretName(wanted.secret()),
            yes.decision(),
            now,
            now.plus(linkFor),
            Optional.empty());
    ledger.transact(recording -> {
      store.add(recording.tx(), link, digest(code));
      recording.append(
          about(EntryType.SECRET_OFFERED, link, now)
              .with("workflow", yes.claims().workflow().value())
              .with("expiresAt", link.expiresAt())
              .with("of", link.decision().value()));
      return link;
    });
    return new Offered(link, code, yes.receipt());
  }

  /// What comes of opening a link.
  sealed interface Opened {

    /// The value leaves here and nowhere else.
    record Shown(Link link, SecretValue value) implements Opened {}

    /// There is none for this task: never was, used, run out, or no longer declared.
    record Gone() implements Opened {}

    /// The secret cannot be had now; the link is good for another try.
    record Away(String why) implements Opened {}
  }

  /// @param task whose token was presented and found good
  Opened open(String code, TaskId task, String bearer) {
    var now = clock.instant().truncatedTo(ChronoUnit.MICROS);
    var found =
        database
            .transact(tx -> store.find(tx, digest(code)))
            .filter(link -> link.task().equals(task))
            .filter(link -> link.openedAt().isEmpty() && now.isBefore(link.expiresAt()))
            .filter(this::isDeclared)
            .filter(link ->
                door.stopped(new Asking(bearer, link.resource(), link.profile())).isEmpty());
    if (found.isEmpty()) {
      return new Opened.Gone();
    }
    var link = found.get();
    try {
      return show(link, secrets.needed(link.secret()), now);
    } catch (SecretUnavailable e) {
      return new Opened.Away(String.valueOf(e.getMessage()));
    }
  }

  private boolean isDeclared(Link link) {
    return registered
        .get()
        .resource(link.resource())
        .filter(resource ->
            resource.upstream() instanceof Upstream.Http http
                && link.secret().value().equals(http.reveals().get(link.profile())))
        .isPresent();
  }

  private Opened show(Link link, SecretValue value, Instant now) {
    boolean first =
        ledger.transact(recording -> {
          boolean used = store.use(recording.tx(), link.id(), now);
          if (used) {
            recording.append(about(EntryType.SECRET_REVEALED, link, now));
          }
          return used;
        });
    if (!first) {
      return new Opened.Gone();
    }
    findings.raise(seen(link), now);
    return new Opened.Shown(link, value);
  }

  private static Entry about(EntryType type, Link link, Instant now) {
    return Entry.of(type, now)
        .with("link", link.id().value())
        .with("identity", link.identity().value())
        .with("task", link.task().value())
        .with("resource", link.resource().value())
        .with("profile", link.profile())
        .with("secret", link.secret().value());
  }

  private static Finding.Sighting seen(Link link) {
    return new Finding.Sighting(
        "secret-revealed",
        link.id().value(),
        Finding.Severity.HIGH,
        "identity "
            + link.identity()
            + " has seen the secret `"
            + link.secret()
            + "` as a value, in "
            + link.task(),
        "replace it at its source when the work is done, then `remit secret put "
            + link.secret()
            + "`",
        Role.SECURITY);
  }

  private static byte[] digest(String code) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(code.getBytes(UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
