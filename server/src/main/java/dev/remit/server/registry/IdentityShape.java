package dev.remit.server.registry;

import static dev.remit.server.registry.ManifestTexts.NAME;
import static dev.remit.server.registry.ManifestTexts.checked;
import static dev.remit.server.registry.shape.Field.fallback;
import static dev.remit.server.registry.shape.Field.optional;
import static dev.remit.server.registry.shape.Field.required;

import dev.remit.kernel.canonical.Digest;
import dev.remit.kernel.identity.Autonomy;
import dev.remit.kernel.identity.IdentityKind;
import dev.remit.kernel.identity.SpiffeId;
import dev.remit.server.registry.shape.Field;
import dev.remit.server.registry.shape.Shape;
import dev.remit.server.registry.shape.Shape.Choice;
import dev.remit.server.registry.shape.Shape.Fields;
import dev.remit.server.registry.shape.Shape.ListOf;
import dev.remit.server.registry.shape.Shape.MapOf;
import dev.remit.server.registry.shape.Shape.Open;
import dev.remit.server.registry.shape.Shape.SetOf;
import java.util.List;
import tools.jackson.databind.node.JsonNodeFactory;

/// A workload, and the proofs by which it is recognised.
final class IdentityShape {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  static final List<Field> SPEC =
      List.of(
          required("workflow", NAME, "the one workflow it serves, for good"),
          required("kind", Shape.word(IdentityKind.class), "what sort of workload it is"),
          required("autonomy", Shape.word(Autonomy.class), "how much it may do without a person"),
          optional("model", NAME, "the model that decides what it does, if one does"),
          optional(
              "prompts",
              new SetOf(
                  checked("a SHA-256 digest", "^sha256:[0-9a-f]{64}$", 71, Digest::new), 1, 64),
              "digests of the system prompts that it runs with"),
          optional(
              "delegatesTo",
              new ListOf(NAME, 1, 100),
              "the identities to which it may hand a part of a task"),
          required(
              "authenticatesBy",
              new ListOf(
                  new Choice(
                      required(
                          "privateKeyJwt",
                          new Fields(
                              required(
                                  "jwks",
                                  new Fields(
                                      required(
                                          "keys",
                                          new ListOf(new Open("a JSON Web Key (public)"), 1, 8),
                                          "its public keys, RFC 7517")),
                                  "a JSON Web Key Set")),
                          "it signs a JWT with a key that only it holds"),
                      required(
                          "oidc",
                          new Fields(
                              required(
                                  "issuer",
                                  checked(
                                      "an issuer's URL", "^https?://", 500, ManifestTexts::http),
                                  "exact `iss` of its tokens"),
                              required(
                                  "audience", Shape.text("text", 1, 500), "what `aud` contains"),
                              required(
                                  "subject",
                                  Shape.text("text", 1, 500),
                                  "exact `sub` of its tokens"),
                              fallback(
                                  "claims",
                                  new MapOf(
                                      Shape.text("a claim's name", 1, 120),
                                      Shape.text("text", 1, 500),
                                      16),
                                  JSON.objectNode(),
                                  "further claims that must be there with exactly this text")),
                          "its platform vouches for it with a JWT"),
                      required(
                          "tlsClientAuth",
                          new Fields(
                              required(
                                  "name",
                                  checked(
                                      "a certified name",
                                      "^(subject|dns|uri):",
                                      1_000,
                                      Authentication.CertifiedName::parse),
                                  "`subject:` and a distinguished name, `dns:` or `uri:` and a name")),
                          "it connects with a certificate that a configured authority issued"),
                      required(
                          "selfSignedTlsClientAuth",
                          new Fields(
                              required(
                                  "thumbprints",
                                  new ListOf(
                                      checked(
                                          "a certificate's SHA-256 in base64url",
                                          "^[A-Za-z0-9_-]{43}$",
                                          43,
                                          IdentityShape::thumbprint),
                                      1,
                                      8),
                                  "its certificates, as `x5t#S256` (RFC 8705)")),
                          "it connects with a certificate that is registered here"),
                      required(
                          "spiffe",
                          new Fields(
                              required(
                                  "id",
                                  checked("a SPIFFE ID", "^spiffe://", 2_048, SpiffeId::new),
                                  "what its SVIDs say")),
                          "its SPIFFE implementation vouches for it with an SVID"),
                      required(
                          "signIn",
                          new Fields(
                              required(
                                  "people",
                                  new ListOf(NAME, 1, 1_000),
                                  "who may let it act for them"),
                              optional(
                                  "clients",
                                  new ListOf(
                                      checked(
                                          "a client ID, the https address of its metadata",
                                          "^https://",
                                          500,
                                          ManifestTexts::http),
                                      1,
                                      64),
                                  "the clients at which they may; any if not written")),
                          "a person signs in at a client and lets it act for them")),
                  1,
                  8),
              "the proofs by which it is recognised, any one of which suffices"),
          optional(
              "spiffeId",
              checked("a SPIFFE ID", "^spiffe://", 2_048, SpiffeId::new),
              "its SPIFFE ID, for good; `spiffe://<trust domain>/<workflow>/<name>` if not written"));

  private IdentityShape() {}

  private static void thumbprint(String text) {
    if (!text.matches("[A-Za-z0-9_-]{43}")) {
      throw new IllegalArgumentException("a SHA-256 in base64url has 43 characters, without `=`");
    }
  }
}
