package dev.remit.server.section;

import static dev.remit.server.settings.Bounds.between;
import static dev.remit.server.settings.Bounds.isHttpsOrHere;

import dev.remit.kernel.identity.RiskClass;
import dev.remit.server.settings.Setting;
import java.net.URI;
import java.time.Duration;

/// How people sign in with a browser. The secret at the identity provider is `REMIT_SIGNIN_SECRET`;
/// without one the server signs with the keys at its `/oauth2/jwks`.
public record SignInSection(
    @Setting(
            value = "true",
            says = "whether people may have passwords here, set by invitations of an administrator")
        boolean passwords,
    @Setting(
            says =
                "issuer of the OpenID Connect provider where people sign in; by default there is"
                    + " none. Its redirect URI is `publicUrl` and `/sign-in/callback`")
        URI issuer,
    @Setting(says = "our client ID there") String client,
    @Setting(
            value = "email",
            says = "which claim finds a declared person: `email`, verified, or `subject` (`sub`)")
        FoundBy findsBy,
    @Setting(value = "30m", says = "how long a person stays signed in without doing anything")
        Duration idleFor,
    @Setting(value = "12h", says = "how long a person stays signed in at most") Duration sessionMax,
    @Setting(
            value = "5m",
            says =
                "how long it counts that a person has shown who they are, for steps of high risk;"
                    + " after that they are asked again")
        Duration freshFor,
    @Setting(
            value = "high",
            says =
                "least class of risk of a workflow for which agreeing asks that; to switch"
                    + " enforcement off, to accept a serious finding and to break glass always do")
        RiskClass freshFrom,
    @Setting(
            value = "false",
            says =
                "whether clients that log in by themselves may have their metadata at private and"
                    + " loopback addresses; it is fetched from wherever a link says")
        boolean privateClients) {
  public enum FoundBy {
    EMAIL,
    SUBJECT
  }

  public SignInSection {
    between("idleFor", idleFor, Duration.ofMinutes(1), Duration.ofDays(1));
    between("sessionMax", sessionMax, idleFor, Duration.ofDays(7));
    between("freshFor", freshFor, Duration.ofMinutes(1), Duration.ofHours(1));
    boolean hasIssuer = !issuer.toString().isEmpty();
    if (hasIssuer && !isHttpsOrHere(issuer)) {
      throw new IllegalArgumentException("`issuer` is not an https address, was " + issuer);
    }
    if (hasIssuer == client.isEmpty()) {
      throw new IllegalArgumentException("`issuer` and `client` go together");
    }
  }
}
