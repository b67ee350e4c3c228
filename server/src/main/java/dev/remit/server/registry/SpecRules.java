package dev.remit.server.registry;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.AsymmetricJWK;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.RSAKey;
import dev.remit.kernel.identity.Stage;
import dev.remit.server.registry.shape.Flaw;
import java.text.ParseException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;

/// What must hold inside one manifest beyond its shape, so that a record can be made of it.
final class SpecRules {
  private static final Set<String> PRIVATE_MEMBERS =
      Set.of("d", "p", "q", "dp", "dq", "qi", "oth", "k", "priv");
  private static final int RSA_BITS_MIN = 2_048;

  private final Manifest manifest;
  private final List<Flaw> flaws = new ArrayList<>();

  private SpecRules(Manifest manifest) {
    this.manifest = manifest;
  }

  static List<Flaw> check(Manifest manifest) {
    var rules = new SpecRules(manifest);
    switch (manifest.ref().kind()) {
      case WORKFLOW -> {
        rules.pilot();
        rules.retention();
      }
      case IDENTITY -> rules.keys();
      case TOOL -> {
        rules.toolName();
        rules.amount();
      }
      case GRANT -> rules.stars();
      case RESOURCE -> {
        rules.speaks();
        rules.client();
      }
      case PERSON -> rules.periods();
      case DATA_CLASS, MODEL, POLICY -> {}
    }
    return rules.flaws;
  }

  /// A client that proves itself needs something to prove it with, and one that does not, nothing.
  private void client() {
    var auth = manifest.spec().at("/upstream/http/auth");
    for (var way : List.of("oauthClientCredentials", "oauthRefreshToken")) {
      var client = auth.path(way).path("client");
      boolean proves = !client.path("method").asString("none").equals("none");
      if (proves != client.has("secret")) {
        wrong(
            "R63",
            "upstream.http.auth." + way + ".client",
            proves
                ? "a client that proves itself needs a `secret`"
                : "a client whose method is `none` has no secret",
            proves ? "add `secret: {secret: NAME}`" : "remove `secret`, or say another `method`");
      }
    }
  }

  private void periods() {
    period("absent", manifest.spec().path("absent"));
    var delegates = manifest.spec().path("delegates");
    for (int i = 0; i < delegates.size(); i++) {
      period("delegates[" + i + "]", delegates.get(i));
    }
  }

  private void period(String path, JsonNode period) {
    if (period.isObject()
        && !Instant.parse(period.get("from").stringValue())
            .isBefore(Instant.parse(period.get("until").stringValue()))) {
      wrong("form", path + ".until", "it ends before it begins", "write a later `until`");
    }
  }

  private void pilot() {
    boolean pilot = text("stage").equals(Stage.PILOT.word());
    boolean ends = manifest.spec().has("pilotExpires");
    if (pilot && !ends) {
      wrong("R57", "stage", "a pilot has to say when it ends", "add `pilotExpires: <date>`");
    } else if (!pilot && ends) {
      wrong("R57", "pilotExpires", "only a pilot has an expiry", "remove `pilotExpires`");
    }
  }

  /// How long evidence is kept is somebody's decision, and not the default's, before it is needed.
  private void retention() {
    if (text("stage").equals(Stage.PRODUCTION.word())
        && !manifest.places().isWritten("spec.retention")) {
      wrong(
          "R206",
          "stage",
          "a workflow in production has to say how long evidence about it is kept",
          "add `retention: 365d`, or what was decided");
    }
  }

  private void toolName() {
    var expected = text("resource") + "/" + text("tool");
    if (!manifest.ref().name().equals(expected)) {
      flaws.add(
          Flaw.error(
              "form",
              manifest.places().at("metadata.name"),
              "the tool is called `" + manifest.ref().name() + "` and declares `" + expected + "`",
              "call it `" + expected + "`"));
    }
  }

  /// A size that no call has would make every policy about it blind.
  private void amount() {
    var spec = manifest.spec();
    if (!spec.has("amount")) {
      return;
    }
    var properties = spec.at("/definition/inputSchema/properties");
    var type = properties.path(text("amount")).path("type").asString("");
    if (!type.equals("number") && !type.equals("integer")) {
      wrong(
          "R83",
          "amount",
          "the reviewed schema has no number called `" + text("amount") + "`",
          "name an argument whose type is `number` or `integer`, or leave out `amount`");
    }
  }

  private void speaks() {
    var upstream = manifest.spec().get("upstream");
    var expected =
        upstream.has("database") ? "postgresql" : upstream.has("models") ? "models" : "mcp";
    if (!text("type").equals(expected)) {
      wrong(
          "form",
          "type",
          "what is reached by this upstream speaks `" + expected + "`",
          "write `type: " + expected + "`");
    }
  }

  private void stars() {
    for (var list : List.of("tools", "prompts", "asks", "models")) {
      var items = manifest.spec().path(list);
      boolean star = items.valueStream().anyMatch(item -> item.stringValue().equals("*"));
      if (star && items.size() > 1) {
        wrong("form", list, "`*` already stands for every one", "keep `*` alone, or name each");
      }
    }
  }

  private void keys() {
    var ways = manifest.spec().get("authenticatesBy");
    for (int i = 0; i < ways.size(); i++) {
      var keys = ways.get(i).at("/privateKeyJwt/jwks/keys");
      for (int j = 0; j < keys.size(); j++) {
        key("authenticatesBy[" + i + "].privateKeyJwt.jwks.keys[" + j + "]", keys.get(j));
      }
    }
  }

  private void key(String path, JsonNode key) {
    var secret = new TreeSet<>(key.propertyNames());
    secret.retainAll(PRIVATE_MEMBERS);
    if (!secret.isEmpty() || "oct".equals(key.path("kty").asString(""))) {
      wrong(
          "R63",
          path,
          "the key holds private or shared key material (`" + String.join("`, `", secret) + "`)",
          "register the public key only, and replace this key: it has been written down");
      return;
    }
    try {
      usable(path, JWK.parse(key.toString()));
    } catch (ParseException | JOSEException | IllegalArgumentException e) {
      wrong("form", path, "not a usable JSON Web Key", "write a public key as RFC 7517 says");
    }
  }

  /// Makes the public key as well, which checks that an elliptic curve's point is on the curve.
  private void usable(String path, JWK key) throws JOSEException {
    if (key instanceof OctetKeyPair) {
      return;
    }
    ((AsymmetricJWK) key).toPublicKey();
    if (key instanceof RSAKey rsa && rsa.size() < RSA_BITS_MIN) {
      wrong("form", path, "the RSA key has " + rsa.size() + " bits", "use at least 2048, or P-256");
    } else if (!(key instanceof RSAKey || key instanceof ECKey)) {
      wrong("form", path, "keys of type `" + key.getKeyType() + "` are not known", "use P-256");
    }
  }

  private String text(String name) {
    return manifest.spec().get(name).stringValue();
  }

  private void wrong(String rule, String path, String message, String remedy) {
    flaws.add(Flaw.error(rule, manifest.places().at("spec." + path), message, remedy));
  }
}
