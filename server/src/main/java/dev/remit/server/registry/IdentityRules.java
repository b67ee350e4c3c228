package dev.remit.server.registry;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.JWK;
import dev.remit.kernel.identity.SpiffeId;
import dev.remit.kernel.identity.Stage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Every workload has an identity of its own: distinct, bound to one workflow for good, never a
/// person's, and in a pilot never shared.
final class IdentityRules {
  private final Proposal proposal;
  private final Flaws flaws;
  private final Map<String, Person> people = new HashMap<>();

  private IdentityRules(Proposal proposal, Flaws flaws) {
    this.proposal = proposal;
    this.flaws = flaws;
    for (var person : proposal.next().registered().people()) {
      people.put(person.name().value(), person);
      people.put(Principals.folded(person.displayName()), person);
      person.email().ifPresent(email -> people.put(Principals.folded(email), person));
      person.subject().ifPresent(subject -> people.put(Principals.folded(subject), person));
    }
  }

  static void check(Proposal proposal, Flaws flaws) {
    var rules = new IdentityRules(proposal, flaws);
    rules.distinct();
    for (var stored : proposal.next().active().values()) {
      if (stored.declared() instanceof Identity identity) {
        rules.bound(stored.ref(), identity);
        rules.noPerson(stored.ref(), identity);
        rules.notShared(stored.ref(), identity);
      }
    }
  }

  /// One thing by which an identity is recognised.
  private record Mark(String what, String value, String path) {}

  /// Retired identities keep what they were recognised by: evidence about them must never become
  /// evidence about another workload.
  private void distinct() {
    var taken = new HashMap<String, Ref>();
    proposal
        .next()
        .retired()
        .values()
        .forEach(stored ->
            marks(stored)
                .forEach(mark -> taken.putIfAbsent(mark.what() + mark.value(), stored.ref())));
    for (var stored : proposal.next().active().values()) {
      for (var mark : marks(stored)) {
        var first = taken.putIfAbsent(mark.what() + mark.value(), stored.ref());
        if (first != null && !first.equals(stored.ref())) {
          flaws.always(
              "R1",
              stored.ref(),
              mark.path(),
              stored.ref().said() + " has the " + mark.what() + " of " + said(first),
              "give every workload its own");
        }
      }
    }
  }

  private String said(Ref ref) {
    return proposal.next().active().containsKey(ref) ? ref.said() : "retired " + ref.said();
  }

  private static List<Mark> marks(Stored stored) {
    var marks = new ArrayList<Mark>();
    if (!(stored.declared() instanceof Identity identity)) {
      return marks;
    }
    marks.add(new Mark("SPIFFE ID", identity.spiffeId().value(), "spiffeId"));
    for (int i = 0; i < identity.authenticatesBy().size(); i++) {
      var path = "authenticatesBy[" + i + "].";
      switch (identity.authenticatesBy().get(i)) {
        case Authentication.PrivateKeyJwt(var keys) -> {
          for (int j = 0; j < keys.size(); j++) {
            var at = path + "privateKeyJwt.jwks.keys[" + j + "]";
            marks.add(new Mark("key", thumbprint(keys.get(j)), at));
          }
        }
        case Authentication.SignIn _ -> {}
        case Authentication.Oidc oidc ->
            marks.add(
                new Mark(
                    "issuer and subject",
                    oidc.issuer() + " " + oidc.subject(),
                    path + "oidc.subject"));
        case Authentication.TlsClient(var name) ->
            marks.add(
                new Mark(
                    "certified name",
                    name.kind() + " " + name.value(),
                    path + "tlsClientAuth.name"));
        case Authentication.SelfSignedTls(var thumbprints) -> {
          for (int j = 0; j < thumbprints.size(); j++) {
            var at = path + "selfSignedTlsClientAuth.thumbprints[" + j + "]";
            marks.add(new Mark("certificate", thumbprints.get(j), at));
          }
        }
        case Authentication.Spiffe(var id) ->
            marks.add(new Mark("SVID", id.value(), path + "spiffe.id"));
      }
    }
    return marks;
  }

  private static String thumbprint(JWK key) {
    try {
      return key.computeThumbprint().toString();
    } catch (JOSEException e) {
      throw new IllegalStateException("a JSON Web Key has a thumbprint", e);
    }
  }

  private void bound(Ref ref, Identity identity) {
    var was = before(ref);
    if (was != null && !was.workflow().equals(identity.workflow())) {
      flaws.always(
          "R10",
          ref,
          "workflow",
          ref.said() + " is bound to workflow `" + was.workflow() + "` for good",
          "declare a new identity for workflow `" + identity.workflow() + "`");
    }
    if (was != null && !was.spiffeId().equals(identity.spiffeId())) {
      flaws.always(
          "R10",
          ref,
          "spiffeId",
          ref.said() + " is known as `" + was.spiffeId() + "` for good",
          "keep its SPIFFE ID, or declare a new identity");
    }
  }

  private @org.jspecify.annotations.Nullable Identity before(Ref ref) {
    var current = proposal.current();
    var stored = current.active().getOrDefault(ref, current.retired().get(ref));
    return stored != null && stored.declared() instanceof Identity identity ? identity : null;
  }

  private void noPerson(Ref ref, Identity identity) {
    if (!isByDefault(identity)) {
      var path = identity.spiffeId().value().substring("spiffe://".length());
      Principals.human(path).ifPresent(why -> human(ref, "spiffeId", "its SPIFFE ID " + why));
    }
    for (int i = 0; i < identity.authenticatesBy().size(); i++) {
      var at = "authenticatesBy[" + i + "].";
      switch (identity.authenticatesBy().get(i)) {
        // Whose authority it borrows is said in each token; it never acts as them alone.
        case Authentication.SignIn _ -> {}
        case Authentication.Oidc oidc -> noPerson(ref, at + "oidc.", oidc);
        case Authentication.TlsClient(var name) ->
            noPersonsName(ref, at + "tlsClientAuth.name", name.value());
        case Authentication.SelfSignedTls _ -> {}
        case Authentication.Spiffe(var id) ->
            noPersonsName(ref, at + "spiffe.id", id.value().substring("spiffe://".length()));
        case Authentication.PrivateKeyJwt(var keys) -> {
          for (int j = 0; j < keys.size(); j++) {
            noPerson(ref, at + "privateKeyJwt.jwks.keys[" + j + "].kid", keys.get(j).getKeyID());
          }
        }
      }
    }
  }

  /// A workflow may be called `user`; only a path that somebody chose says whose account it is.
  private static boolean isByDefault(Identity identity) {
    var id = identity.spiffeId();
    return id.equals(SpiffeId.of(id.trustDomain(), identity.workflow(), identity.name()));
  }

  private void noPersonsName(Ref ref, String at, String name) {
    Principals.human(name)
        .ifPresentOrElse(why -> human(ref, at, "its name " + why), () -> noPerson(ref, at, name));
  }

  private void noPerson(Ref ref, String at, Authentication.Oidc oidc) {
    Principals.human(oidc.subject())
        .ifPresentOrElse(
            why -> human(ref, at + "subject", "its subject " + why),
            () -> noPerson(ref, at + "subject", oidc.subject()));
    oidc.claims()
        .forEach((name, value) -> {
          noPerson(ref, at + "claims." + name, value);
          if (Principals.humanClaim(name)) {
            flaws.flag(
                "R4",
                ref,
                at + "claims." + name,
                "the claim `" + name + "` says which human is behind a token",
                "recognise the workload by claims of its own");
          }
        });
  }

  private void noPerson(Ref ref, String path, @org.jspecify.annotations.Nullable String principal) {
    var person = principal == null ? null : people.get(Principals.folded(principal));
    if (person != null) {
      human(ref, path, "it is recognised by what belongs to person `" + person.name() + "`");
    }
  }

  private void human(Ref ref, String path, String why) {
    flaws.always(
        "R2",
        ref,
        path,
        ref.said() + " would act as a human: " + why,
        "let the workload authenticate as itself: a key of its own or its platform's account");
  }

  private void notShared(Ref ref, Identity identity) {
    boolean pilot =
        proposal.next().registered().workflow(identity.workflow()).stream()
            .anyMatch(workflow -> workflow.stage() == Stage.PILOT);
    for (int i = 0; i < identity.authenticatesBy().size(); i++) {
      switch (identity.authenticatesBy().get(i)) {
        case Authentication.Oidc oidc when Principals.shared(oidc.subject()) ->
            shared(ref, "authenticatesBy[" + i + "].oidc.subject", pilot);
        case Authentication.Oidc _,
            Authentication.TlsClient _,
            Authentication.SelfSignedTls _,
            Authentication.Spiffe _,
            Authentication.SignIn _ -> {}
        case Authentication.PrivateKeyJwt(var keys) -> {
          for (int j = 0; j < keys.size(); j++) {
            if (PublishedKeys.contain(keys.get(j))) {
              published(ref, "authenticatesBy[" + i + "].privateKeyJwt.jwks.keys[" + j + "]");
            }
          }
        }
      }
    }
  }

  private void shared(Ref ref, String path, boolean pilot) {
    var message = ref.said() + " authenticates as a service account that other workloads share";
    var remedy = "create a service account for this workload alone";
    if (pilot) {
      flaws.whenTouched("R3", ref, path, message, remedy);
    } else {
      flaws.flag("R3", ref, path, message, remedy);
    }
  }

  private void published(Ref ref, String path) {
    flaws.always(
        "R5",
        ref,
        path,
        ref.said() + " has a test key whose private half is published",
        "create a key that only this workload holds");
  }
}
