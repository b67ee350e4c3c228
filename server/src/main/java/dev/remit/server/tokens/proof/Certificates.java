package dev.remit.server.tokens.proof;

import com.nimbusds.jose.util.X509CertUtils;
import dev.remit.kernel.canonical.Digest;
import dev.remit.kernel.identity.SpiffeId;
import dev.remit.server.registry.Authentication;
import dev.remit.server.registry.Identity;
import dev.remit.server.registry.Registered;
import java.security.GeneralSecurityException;
import java.security.cert.CertPathValidator;
import java.security.cert.CertificateFactory;
import java.security.cert.CertificateParsingException;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import javax.security.auth.x500.X500Principal;

/// Checks whether the certificate that a client connected with is that of the identity it says it
/// is. The connection has shown already that it holds the key.
///
/// Three ways, as the identity's `authenticatesBy` says: a name that a configured authority
/// certified (`tls_client_auth`), a certificate that is registered itself
/// (`self_signed_tls_client_auth`), or an X.509-SVID of a trust domain whose bundle is known.
///
/// Source: RFC 8705, section 2; RFC 5280, section 6; X.509-SVID, sections 2 to 5.
final class Certificates {
  private static final int CHAIN_MAX = 8;
  private static final int DNS = 2;
  private static final int URI = 6;
  private static final String ANY_USE = "2.5.29.37.0";
  private static final String CLIENT_USE = "1.3.6.1.5.5.7.3.2";

  private final List<X509Certificate> clientAuthorities;
  private final TrustBundles bundles;
  private volatile OwnCertificates own = OwnCertificates.NONE;

  Certificates(List<X509Certificate> clientAuthorities, TrustBundles bundles) {
    this.clientAuthorities = List.copyOf(clientAuthorities);
    this.bundles = bundles;
  }

  /// Asks `own` from now on about certificates that this server has issued.
  void certifiedBy(OwnCertificates newOwn) {
    this.own = newOwn;
  }

  /// Says whether `chain`, the client's own certificate first, is that of `clientId`. One that this
  /// server has issued for a task proves nothing here: else a task's token could be turned into a
  /// certificate and that into the next task, for ever.
  ProofCheck check(
      SpiffeId clientId, List<X509Certificate> chain, Registered registered, Instant now) {
    if (chain.isEmpty()) {
      return refused(
          "certificate-missing",
          "connect with the identity's certificate, or send client_assertion");
    }
    var identity = registered.identity(clientId);
    if (identity.isEmpty()) {
      return refused(
          "identity-unknown", "client_id must be the SPIFFE ID of a registered identity");
    }
    if (chain.size() > CHAIN_MAX) {
      return refused("certificate-chain", "send at most " + CHAIN_MAX + " certificates");
    }
    switch (own.of(chain.getFirst())) {
      case HOLDS_NOT -> {
        return refused("certificate-revoked", "this server has taken the certificate away");
      }
      case HOLDS -> {
        return refused(
            "certificate-of-ours",
            "a certificate that this server has issued for a task proves nothing to it; use what"
                + " the platform vouches with");
      }
      case NOT_OURS -> {
        // What somebody else vouches for is looked at below.
      }
    }
    return check(identity.get(), chain, now);
  }

  /// One way suffices; of those that fail, the first says why.
  private ProofCheck check(Identity identity, List<X509Certificate> chain, Instant now) {
    Optional<ProofCheck.Refused> first = Optional.empty();
    for (var way : identity.authenticatesBy()) {
      var wrong =
          switch (way) {
            case Authentication.TlsClient(var name) -> certified(name, chain, now);
            case Authentication.SelfSignedTls(var thumbprints) ->
                registered(thumbprints, chain.getFirst(), now);
            case Authentication.Spiffe(var id) -> svid(id, chain, now);
            case Authentication.PrivateKeyJwt _, Authentication.Oidc _, Authentication.SignIn _ ->
                Optional.of(
                    refused(
                        "certificate-undeclared",
                        "the identity does not declare that it authenticates by a certificate"));
          };
      if (wrong.isEmpty()) {
        return new ProofCheck.Proven(
            identity, Optional.empty(), Digest.of(thumbprint(chain.getFirst())), Optional.empty());
      }
      if (first.isEmpty() || first.get().reasonCode().equals("certificate-undeclared")) {
        first = wrong;
      }
    }
    return first.orElseThrow();
  }

  // A name that an authority certified.

  private Optional<ProofCheck.Refused> certified(
      Authentication.CertifiedName name, List<X509Certificate> chain, Instant now) {
    if (clientAuthorities.isEmpty()) {
      return Optional.of(
          refused(
              "certificate-authority",
              "the server knows no authority of clients (tokens.proofs.clientAuthorities)"));
    }
    var leaf = chain.getFirst();
    boolean named =
        switch (name.kind()) {
          case SUBJECT -> leaf.getSubjectX500Principal().equals(new X500Principal(name.value()));
          case DNS -> names(leaf, DNS).stream().anyMatch(one -> one.equalsIgnoreCase(name.value()));
          case URI -> names(leaf, URI).contains(name.value());
        };
    return named
        ? path(chain, clientAuthorities, now)
        : Optional.of(
            refused("certificate-name", "the certificate is not for the name that is declared"));
  }

  // A certificate that is registered itself.

  private static Optional<ProofCheck.Refused> registered(
      List<String> thumbprints, X509Certificate leaf, Instant now) {
    if (!thumbprints.contains(thumbprint(leaf))) {
      return Optional.of(
          refused("certificate-unknown", "the identity has not registered this certificate"));
    }
    return isTimely(leaf, now)
        ? Optional.empty()
        : Optional.of(refused("certificate-expired", "the certificate does not hold now"));
  }

  // An X.509-SVID.

  private Optional<ProofCheck.Refused> svid(SpiffeId id, List<X509Certificate> chain, Instant now) {
    var leaf = chain.getFirst();
    if (!names(leaf, URI).equals(List.of(id.value()))) {
      return Optional.of(
          refused("certificate-name", "the certificate's one URI name must be the declared " + id));
    }
    if (leaf.getBasicConstraints() >= 0 || signsCertificates(leaf)) {
      return Optional.of(
          refused("certificate-authority", "a workload's SVID must not be an authority's"));
    }
    return switch (bundles.authorities(id.trustDomain(), chain.getLast(), now)) {
      case TrustBundles.Found.Unavailable(var why) ->
          Optional.of(refused("bundle-unavailable", why));
      case TrustBundles.Found.Trusted(var bundle) -> path(chain, bundle.authorities(), now);
    };
  }

  private static boolean signsCertificates(X509Certificate leaf) {
    boolean[] usage = leaf.getKeyUsage();
    return usage != null && (usage[5] || usage[6]);
  }

  // All.

  private static Optional<ProofCheck.Refused> path(
      List<X509Certificate> chain, List<X509Certificate> authorities, Instant now) {
    if (authorities.isEmpty() || authorities.contains(chain.getFirst())) {
      return Optional.of(refused("certificate-authority", "nobody is trusted to certify it"));
    }
    try {
      var anchors =
          authorities.stream().map(one -> new TrustAnchor(one, null)).collect(Collectors.toSet());
      var parameters = new PKIXParameters(anchors);
      parameters.setRevocationEnabled(false);
      parameters.setDate(Date.from(now));
      // Some clients send the authority along; it is trusted by being known, not by being sent.
      var sent = chain.stream().filter(one -> !authorities.contains(one)).toList();
      CertPathValidator.getInstance("PKIX")
          .validate(CertificateFactory.getInstance("X.509").generateCertPath(sent), parameters);
      return isForClients(chain.getFirst())
          ? Optional.empty()
          : Optional.of(refused("certificate-use", "the certificate is not for TLS clients"));
    } catch (GeneralSecurityException e) {
      return Optional.of(
          refused(
              isTimely(chain.getFirst(), now) ? "certificate-authority" : "certificate-expired",
              "the certificate does not hold now, or no known authority vouches for it"));
    }
  }

  private static boolean isForClients(X509Certificate leaf) throws CertificateParsingException {
    var uses = leaf.getExtendedKeyUsage();
    return uses == null || uses.contains(CLIENT_USE) || uses.contains(ANY_USE);
  }

  private static boolean isTimely(X509Certificate certificate, Instant now) {
    return !now.isBefore(certificate.getNotBefore().toInstant())
        && !now.isAfter(certificate.getNotAfter().toInstant());
  }

  private static List<String> names(X509Certificate certificate, int kind) {
    try {
      var all = certificate.getSubjectAlternativeNames();
      return all == null ? List.of() : names(all, kind);
    } catch (CertificateParsingException e) {
      return List.of();
    }
  }

  private static List<String> names(Collection<List<?>> all, int kind) {
    var found = new ArrayList<String>();
    for (var name : all) {
      if (name.get(0) instanceof Integer of && of == kind && name.get(1) instanceof String text) {
        found.add(text);
      }
    }
    return found;
  }

  private static ProofCheck.Refused refused(String reasonCode, String detail) {
    return new ProofCheck.Refused(reasonCode, detail);
  }

  private static String thumbprint(X509Certificate certificate) {
    return X509CertUtils.computeSHA256Thumbprint(certificate).toString();
  }
}
