package dev.remit.server.certificates;

import com.nimbusds.jose.util.X509CertUtils;
import dev.remit.kernel.canonical.Digest;
import dev.remit.kernel.identity.CredentialId;
import dev.remit.server.certificates.Svid.State;
import dev.remit.server.ledger.Ledger;
import dev.remit.server.ledger.Recording;
import dev.remit.server.tokens.Party;
import dev.remit.server.tokens.Standings;
import dev.remit.server.tokens.TaskClaims;
import dev.remit.server.tokens.Tasks;
import dev.remit.server.tokens.TokenCheck;
import dev.remit.server.tokens.Tokens;
import java.math.BigInteger;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/// Issues one X.509-SVID. This file is the whole path: read it from top to bottom to know what has
/// to hold before an agent gets a certificate, and what is durable at each step.
///
/// The token and what it is for; the request; the intent, durable, with the serial number, before
/// anything is signed; the certificate; then recorded as issued, and only then handed over.
/// Standing is looked at again after the intent and after it is issued: a suspension in between has
/// either marked the row or is seen here.
final class Issuing {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final int SERIAL_BITS = 127;

  private final InstantSource clock;
  private final CertificateConfig config;
  private final Ledger ledger;
  private final Tasks tasks;
  private final Standings standings;
  private final Tokens tokens;
  private final Authorities authorities;
  private final Ending ending;
  private final SvidStore store = new SvidStore();
  private final AuthorityStore authorityStore = new AuthorityStore();

  Issuing(
      InstantSource clock,
      CertificateConfig config,
      Ledger ledger,
      Tasks tasks,
      Standings standings,
      Tokens tokens,
      Authorities authorities,
      Ending ending) {
    this.clock = clock;
    this.config = config;
    this.ledger = ledger;
    this.tasks = tasks;
    this.standings = standings;
    this.tokens = tokens;
    this.authorities = authorities;
    this.ending = ending;
  }

  /// What comes of asking.
  sealed interface Answer {

    /// The agent has it.
    record Issued(Svid svid, X509Certificate certificate) implements Answer {}

    /// None is issued, and why.
    ///
    /// @param status of HTTP: 400 where the request is wrong, 401 without a token that holds, 403
    ///   where this token gets none, 409 where the task has too many, 503 to ask again
    /// @param remedy what to do about it
    record Refused(int status, String reasonCode, String detail, String remedy) implements Answer {}
  }

  /// Certifies the key of `csr` for the identity of the task token `bearer`, whose holder the edge
  /// has let in.
  ///
  /// @throws dev.remit.server.store.DatabaseUnavailable when it is not known to be recorded: no
  ///   certificate is handed out then
  Answer issue(String bearer, String csr) {
    if (!(tokens.checkOwn(bearer, clock.instant()) instanceof TokenCheck.Good(var claims))) {
      return ended();
    }
    var wrong = wrong(claims);
    if (wrong.isPresent()) {
      return wrong.get();
    }
    return switch (SvidRequest.read(csr, claims.subject())) {
      case SvidRequest.Read.Wrong(var reason, var detail, var remedy) ->
          new Answer.Refused(400, reason, detail, remedy);
      case SvidRequest.Read.Good(var request) -> intend(bearer, claims, request);
    };
  }

  private Optional<Answer> wrong(TaskClaims claims) {
    if (claims.mayAct().isPresent()) {
      return refused(
          "token-delegates",
          "a token that delegates is good for nothing else",
          "use a token for a resource");
    }
    // Its end would have to follow every standing of the chain; and it would name neither who
    // delegated nor the person.
    if (!claims.delegators().isEmpty()) {
      return refused(
          "not-delegated",
          "a delegated part of a task gets no certificate",
          "ask with a token of the identity's own task");
    }
    if (claims.onBehalf().isPresent()) {
      return refused(
          "acts-for-person",
          "what is done for a person gets no certificate, since it would not name them",
          "ask with a token of the identity's own task");
    }
    return claims.subject().trustDomain().equals(config.trustDomain())
        ? Optional.empty()
        : refused(
            "svid-trust-domain",
            "`" + claims.subject() + "` is not of this server's trust domain",
            "get its SVID from its own trust domain, " + claims.subject().trustDomain());
  }

  private Answer intend(String bearer, TaskClaims claims, SvidRequest request) {
    var now = clock.instant().truncatedTo(ChronoUnit.MICROS);
    authorities.refresh();
    var authority = authorities.signing(now);
    return switch (ledger.transact(
        recording -> intend(recording, claims, request, authority, now))) {
      case Intended.Not(var why) -> why;
      case Intended.Durable(var svid) -> make(bearer, svid, request, authority);
    };
  }

  private sealed interface Intended {
    record Durable(Svid svid) implements Intended {}

    record Not(Answer why) implements Intended {}
  }

  /// What the task is and has is read where the intent is written: two at once do not both see room
  /// for one.
  private Intended intend(
      Recording recording,
      TaskClaims claims,
      SvidRequest request,
      Authority authority,
      Instant now) {
    var task = tasks.find(recording.tx(), claims.task());
    if (task.isEmpty() || !task.get().isAlive(now)) {
      return new Intended.Not(ended());
    }
    // Else a roll in between would not know of it.
    if (!authorityStore.isTrusted(recording.tx(), authority.id())) {
      return new Intended.Not(
          new Answer.Refused(
              503, "authority-replaced", "who signs certificates has just changed", "ask again"));
    }
    long left = store.left(recording.tx(), claims.task());
    if (left >= config.perTaskMax()) {
      return new Intended.Not(
          new Answer.Refused(
              409,
              "too-many-certificates",
              "this task has " + left + " certificates already, the most that one may have",
              "use one of them, give one back with `remit credential revoke`, or raise"
                  + " `certificates.perTaskMax`"));
    }
    var svid =
        svid(claims, request, authority, end(claims, task.get().scope().expiresAt(), now), now);
    if (!svid.expiresAt().isAfter(now)) {
      return new Intended.Not(ended());
    }
    store.add(recording.tx(), svid);
    recording.append(CertificateEntries.intended(svid));
    return new Intended.Durable(svid);
  }

  /// By the class of the workload, and before the token, the task and what signs it end.
  private Instant end(TaskClaims claims, Instant taskEnds, Instant now) {
    var end = now.plus(config.lifetimeMax());
    end = claims.expiresAt().isBefore(end) ? claims.expiresAt() : end;
    end = taskEnds.isBefore(end) ? taskEnds : end;
    return end.truncatedTo(ChronoUnit.SECONDS);
  }

  private Svid svid(
      TaskClaims claims, SvidRequest request, Authority authority, Instant end, Instant now) {
    var beside =
        claims.epochs().beside().keySet().stream()
            .filter(party -> party.kind() != Party.Kind.RESOURCE)
            .map(Party::path)
            .sorted()
            .toList();
    var owner = claims.epochs().owner();
    return new Svid(
        CredentialId.fresh(now),
        claims.task(),
        claims.jti(),
        claims.identity(),
        claims.subject(),
        claims.workflow(),
        owner,
        beside,
        Ending.epochs(standings, claims.identity(), claims.workflow(), owner, beside),
        authority.id(),
        new BigInteger(SERIAL_BITS, RANDOM).setBit(SERIAL_BITS - 1).toString(16),
        Digest.of(request.key().getEncoded()).value(),
        State.INTENT,
        Optional.empty(),
        now,
        end,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  private Answer make(String bearer, Svid svid, SvidRequest request, Authority authority) {
    if (!stands(bearer)) {
      return abandon(svid);
    }
    var certificate =
        SvidCertificate.sign(
            svid,
            request.key(),
            svid.intendedAt().minus(config.skew()),
            config.list(authority.id()),
            authority);
    return handOver(bearer, svid, certificate);
  }

  private Answer handOver(String bearer, Svid svid, X509Certificate certificate) {
    var now = clock.instant().truncatedTo(ChronoUnit.MICROS);
    var thumbprint = X509CertUtils.computeSHA256Thumbprint(certificate).toString();
    boolean active =
        ledger.transact(recording -> {
          boolean first = store.activate(recording.tx(), svid.id(), thumbprint, now);
          if (first) {
            recording.append(CertificateEntries.issued(svid, thumbprint, now));
          }
          return first;
        });
    return active && stands(bearer) ? new Answer.Issued(svid, certificate) : abandon(svid);
  }

  private boolean stands(String bearer) {
    return tokens.checkOwn(bearer, clock.instant()) instanceof TokenCheck.Good;
  }

  /// Nobody has it, and it may be signed: it is revoked like any other.
  private Answer abandon(Svid svid) {
    ending.abandon(svid.id());
    return ended();
  }

  private static Answer ended() {
    return new Answer.Refused(
        401, "token-ended", "the task or its token ended just now", "start a new task");
  }

  private static Optional<Answer> refused(String reasonCode, String detail, String remedy) {
    return Optional.of(new Answer.Refused(403, reasonCode, detail, remedy));
  }
}
