package dev.remit.server.inspection;

import dev.remit.kernel.identity.PersonName;
import dev.remit.kernel.identity.Role;
import dev.remit.kernel.identity.Stage;
import dev.remit.server.credentials.SecretName;
import dev.remit.server.credentials.Secrets;
import dev.remit.server.credentials.StoredSecret;
import dev.remit.server.findings.Finding;
import dev.remit.server.findings.Finding.Severity;
import dev.remit.server.findings.Findings;
import dev.remit.server.ledger.Ledger;
import dev.remit.server.registry.Grant;
import dev.remit.server.registry.HttpAuth;
import dev.remit.server.registry.Registered;
import dev.remit.server.registry.Resource;
import dev.remit.server.registry.Upstream;
import dev.remit.server.store.Database;
import dev.remit.server.store.DatabaseUnavailable;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Finds the secrets that are a person's own: the developer's token that a pilot was given «for
/// now», and with it everything the developer may do.
///
/// A finding for each such secret says who acts with it and where, and closes when another value is
/// stored in its place. Only the form of a value is looked at ([PersonalForm]), of a value that is
/// kept elsewhere when it is opened for a call, and whether it is declared to be a refresh token.
/// Nothing is refused: who must go on for a while asks for an exception, which ends by itself.
public final class PersonalCredentials {
  static final String KIND = "personal-credential";
  private static final Logger LOG = LoggerFactory.getLogger(PersonalCredentials.class);

  private final Database database;
  private final Ledger ledger;
  private final Secrets secrets;
  private final Findings findings;

  /// Of what is kept elsewhere, as it was when it was last opened.
  private final ConcurrentHashMap<SecretName, PersonalForm> opened = new ConcurrentHashMap<>();

  private final ConcurrentHashMap<SecretName, Told> told = new ConcurrentHashMap<>();

  /// What was last said of a secret, so that the same is said once.
  private record Told(Optional<PersonalForm> form, Uses uses) {}

  /// Who acts with a secret, and where.
  ///
  /// @param pilots the workflows among them that are no more than pilots
  private record Uses(List<String> resources, List<String> identities, List<String> pilots) {}

  public PersonalCredentials(Database database, Ledger ledger, Secrets secrets, Findings findings) {
    this.database = database;
    this.ledger = ledger;
    this.secrets = secrets;
    this.findings = findings;
    secrets.onOpened((name, value) ->
        PersonalForm.of(value.reveal())
            .ifPresentOrElse(form -> opened.put(name, form), () -> opened.remove(name)));
  }

  /// Looks from now on whenever a secret is stored at this node.
  public void lookWhenStored(Supplier<Registered> registered, InstantSource clock) {
    secrets.onStored(() -> {
      try {
        look(registered.get(), clock.instant());
      } catch (DatabaseUnavailable e) {
        // The secret is stored all the same, and the next look finds it.
        LOG.warn("whose the secrets are is looked at later: {}", e.getMessage());
      }
    });
  }

  /// Says in one sentence that the secret stored under `name` is a person's own, if it is.
  public Optional<String> warning(SecretName name) {
    return form(name)
        .map(form ->
            "the secret `"
                + name
                + "` is "
                + form.what()
                + (form.isCertain() ? "" : ", as far as its form tells")
                + "; a workload is better given one of its own");
  }

  /// Looks at every secret, raises what is news and closes what was dealt with.
  ///
  /// @throws dev.remit.server.store.DatabaseUnavailable when the database is away
  public void look(Registered registered, Instant now) {
    for (var secret : secrets.names()) {
      var name = secret.name();
      var form = form(name).or(() -> asDeclared(name, registered));
      var news = new Told(form, uses(name, registered, now));
      if (!news.equals(told.get(name))) {
        tell(secret, news, now);
        told.put(name, news);
      }
    }
  }

  private void tell(StoredSecret secret, Told news, Instant now) {
    news.form.ifPresentOrElse(
        form -> findings.raise(sighting(secret.name(), form, news.uses), now),
        () -> close(secret, now));
  }

  private void close(StoredSecret secret, Instant now) {
    var subject = subject(secret.name());
    if (database.transact(tx -> findings.isOpen(tx, KIND, subject))) {
      ledger.transact(recording -> {
        findings.close(
            recording,
            KIND,
            subject,
            new PersonName(secret.by()),
            "another value, which is nobody's own, is stored under `" + secret.name() + "`",
            now);
        return subject;
      });
    }
  }

  private Optional<PersonalForm> form(SecretName name) {
    try {
      return secrets
          .openKeptHere(name)
          .map(value -> PersonalForm.of(value.reveal()))
          .orElseGet(() -> Optional.ofNullable(opened.get(name)));
    } catch (IllegalStateException e) {
      // Wrapped by another master key: it cannot be used in a call either.
      LOG.warn("whose the secret {} is cannot be told: {}", name, e.getMessage());
      return Optional.empty();
    }
  }

  /// A refresh token has no form of its own, and somebody has agreed to it.
  private static Optional<PersonalForm> asDeclared(SecretName name, Registered registered) {
    return registered.resources().stream()
            .map(Resource::upstream)
            .anyMatch(upstream -> refreshes(upstream).filter(name.value()::equals).isPresent())
        ? Optional.of(PersonalForm.REFRESH_TOKEN)
        : Optional.empty();
  }

  private static Optional<String> refreshes(Upstream upstream) {
    var auth =
        switch (upstream) {
          case Upstream.Http http -> http.auth();
          case Upstream.Models models -> models.auth();
          case Upstream.Stdio _, Upstream.Database _ -> new HttpAuth.None();
        };
    return auth instanceof HttpAuth.RefreshToken given
        ? Optional.of(given.refreshToken())
        : Optional.empty();
  }

  private static Uses uses(SecretName name, Registered registered, Instant now) {
    var resources =
        registered.resources().stream()
            .filter(one -> one.upstream().secrets().contains(name.value()))
            .map(Resource::name)
            .collect(Collectors.toSet());
    var identities =
        registered.grants().stream()
            .filter(grant -> resources.contains(grant.resource()))
            .filter(grant -> grant.grantsUse() && !grant.isExpired(now))
            .map(Grant::identity)
            .distinct()
            .flatMap(identity -> registered.identity(identity).stream())
            .toList();
    var pilots =
        identities.stream()
            .flatMap(identity -> registered.workflow(identity.workflow()).stream())
            .filter(workflow -> workflow.stage() == Stage.PILOT)
            .map(workflow -> workflow.name().value());
    return new Uses(
        resources.stream().map(one -> one.value()).sorted().toList(),
        identities.stream()
            .map(one -> one.name().value())
            .sorted(Comparator.naturalOrder())
            .toList(),
        pilots.distinct().sorted().toList());
  }

  private static Finding.Sighting sighting(SecretName name, PersonalForm form, Uses uses) {
    return new Finding.Sighting(
        KIND,
        subject(name),
        severity(form, uses),
        "the secret `" + name + "` is " + form.what() + used(uses),
        "give the workload a credential of its own at the issuer, one that may do no more than it"
            + " must, and store it with `remit secret put "
            + name
            + "`; until then: remit exception request",
        Role.SECURITY);
  }

  private static Severity severity(PersonalForm form, Uses uses) {
    if (uses.identities.isEmpty()) {
      return form.isCertain() ? Severity.MEDIUM : Severity.LOW;
    }
    return form.isCertain() ? Severity.HIGH : Severity.MEDIUM;
  }

  private static String used(Uses uses) {
    if (uses.identities.isEmpty()) {
      return "; no identity acts with it";
    }
    return ": with it "
        + quoted(uses.identities)
        + " may do at "
        + quoted(uses.resources)
        + " what the person may"
        + (uses.pilots.isEmpty() ? "" : ", and so may the pilot " + quoted(uses.pilots));
  }

  private static String quoted(List<String> names) {
    return names.stream().collect(Collectors.joining("`, `", "`", "`"));
  }

  private static String subject(SecretName name) {
    return "secret " + name;
  }
}
