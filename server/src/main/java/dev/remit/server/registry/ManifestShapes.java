package dev.remit.server.registry;

import static dev.remit.server.registry.shape.Field.fallback;
import static dev.remit.server.registry.shape.Field.optional;
import static dev.remit.server.registry.shape.Field.required;

import dev.remit.kernel.canonical.Digest;
import dev.remit.kernel.identity.Autonomy;
import dev.remit.kernel.identity.Effect;
import dev.remit.kernel.identity.Environment;
import dev.remit.kernel.identity.IdentityKind;
import dev.remit.kernel.identity.Lifecycle;
import dev.remit.kernel.identity.PersonName;
import dev.remit.kernel.identity.Role;
import dev.remit.kernel.identity.SpiffeId;
import dev.remit.kernel.identity.Stage;
import dev.remit.kernel.identity.ToolName;
import dev.remit.server.registry.shape.Field;
import dev.remit.server.registry.shape.Shape;
import dev.remit.server.registry.shape.Shape.Choice;
import dev.remit.server.registry.shape.Shape.Count;
import dev.remit.server.registry.shape.Shape.Fields;
import dev.remit.server.registry.shape.Shape.ListOf;
import dev.remit.server.registry.shape.Shape.MapOf;
import dev.remit.server.registry.shape.Shape.Moment;
import dev.remit.server.registry.shape.Shape.OneWord;
import dev.remit.server.registry.shape.Shape.Open;
import dev.remit.server.registry.shape.Shape.SetOf;
import dev.remit.server.registry.shape.Shape.Text;
import dev.remit.server.registry.shape.Shape.TextOr;
import java.net.URI;
import java.time.ZoneId;
import java.util.List;
import java.util.function.Consumer;
import tools.jackson.databind.node.JsonNodeFactory;

/// The form of a manifest, kind by kind: the one place from which reading, the published schema and
/// the reference page are made.
final class ManifestShapes {
  static final String API_VERSION = "remit.dev/v1";
  static final long CALLS_PER_TASK = 1_000;

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final String LABEL = "^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$";

  // What a name may be is the same for every noun; whose message it is does not matter here.
  private static final Text NAME = new Text("a name", LABEL, 1, 63, ManifestShapes::name);
  static final Text WORD =
      new Text("a lower-case word with inner hyphens", LABEL, 1, 63, ManifestShapes::name);
  private static final Text SECRET_NAME =
      checked(
          "a secret's name",
          "^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$",
          128,
          text -> {
            if (!text.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,127}")) {
              throw new IllegalArgumentException(
                  "a secret's name is letters, digits, `.`, `_` and `-`");
            }
          });
  private static final Shape SETTING =
      new TextOr(
          Shape.text("text that is not confidential", 0, 8_192),
          new Fields(required("secret", SECRET_NAME, "the secret in Remit's store to put here")));
  private static final Shape DATA_CLASSES = new SetOf(WORD, 0, 64);

  private ManifestShapes() {}

  /// Returns the shape of a whole document of `kind`.
  static Fields document(Kind kind) {
    return new Fields(
        required("apiVersion", new OneWord(List.of(API_VERSION)), "the version of this form"),
        required("kind", new OneWord(List.of(kind.title())), "what is declared"),
        required(
            "metadata",
            new Fields(
                required(
                    "name",
                    kind == Kind.TOOL ? TOOL_NAME : NAME,
                    "its name, which no other " + kind.noun() + " has")),
            "how it is known"),
        required("spec", new Fields(spec(kind)), "what is declared of it"));
  }

  static List<Field> spec(Kind kind) {
    return switch (kind) {
      case PERSON -> PERSON;
      case DATA_CLASS -> DATA_CLASS;
      case MODEL -> MODEL;
      case WORKFLOW -> WORKFLOW;
      case IDENTITY -> IDENTITY;
      case RESOURCE -> RESOURCE;
      case TOOL -> TOOL;
      case GRANT -> GRANT;
      case POLICY -> POLICY;
    };
  }

  private static final Field FROM = required("from", new Moment(), "when it begins");
  private static final Field UNTIL = required("until", new Moment(), "when it ends");

  private static final List<Field> PERSON =
      List.of(
          required("displayName", Shape.text("text", 1, 120), "how people know them"),
          optional(
              "email",
              checked("an e-mail address", "^[^@\\s]+@[^@\\s]+$", 254, ManifestShapes::email),
              "where the organisation reaches them; nobody else has it"),
          optional(
              "subject",
              Shape.text("text", 1, 255),
              "their `sub` at the organisation's identity provider"),
          required(
              "roles",
              new SetOf(Shape.word(Role.class), 0, Role.values().length),
              "what they may do in Remit"),
          fallback(
              "standing",
              new OneWord(List.of("active", "left")),
              JSON.stringNode("active"),
              "`left` once they are gone: then they own, approve and sign in no more"),
          optional(
              "accountOf",
              NAME,
              "the person whose further account this is; the two never count as two people"),
          optional(
              "absent",
              new Fields(FROM, UNTIL),
              "when they are away: what asks them goes to their delegates then"),
          optional(
              "delegates",
              new ListOf(
                  new Fields(
                      required("to", NAME, "who answers in their place, under their own name"),
                      required(
                          "roles",
                          new SetOf(Shape.word(Role.class), 1, Role.values().length),
                          "those of their roles that are answered with"),
                      FROM,
                      UNTIL),
                  1,
                  16),
              "who stands in for them, and when; nobody stands in for whoever asks"));

  private static final List<Field> DATA_CLASS =
      List.of(
          required("description", Shape.text("text", 3, 500), "what belongs to it"),
          required(
              "sensitivity",
              new Count(0, DataClass.UNKNOWN),
              "0 (public) to 100; a class that is not declared counts as 100"));

  private static final Shape TEXTS =
      new MapOf(Shape.text("a setting's name", 1, 120), Shape.text("text", 0, 1_000), 64);

  private static final Text MONEY =
      new Text(
          "an amount of money such as `2.50`",
          "^[0-9]{1,9}([.][0-9]{1,6})?$",
          1,
          16,
          ManifestShapes::money);

  private static final List<Field> MODEL =
      List.of(
          required("provider", Shape.text("text", 1, 120), "who offers it"),
          required("model", Shape.text("text", 1, 200), "what its provider calls it"),
          optional("version", Shape.text("text", 1, 200), "of it, where the provider tells one"),
          required(
              "lifecycle", Shape.word(Lifecycle.class), "where it stands, as its provider says"),
          fallback(
              "parameters",
              TEXTS,
              JSON.objectNode(),
              "what it is asked with, as text: `temperature: \"0.2\"`"),
          optional("contextWindow", new Count(1, 1_000_000_000), "in tokens"),
          fallback("safety", TEXTS, JSON.objectNode(), "its safety settings, as text"),
          optional("resource", NAME, "the resource with upstream `models` where it answers"),
          optional(
              "outputMax", new Count(1, 1_000_000_000), "the most tokens it writes in one answer"),
          optional(
              "pricePerMillion",
              new Fields(
                  required("input", MONEY, "of a million tokens that it reads"),
                  required("output", MONEY, "of a million tokens that it writes"),
                  optional(
                      "cached",
                      MONEY,
                      "of a million that its provider has read before; as `input`")),
              "what its tokens cost, in the money that the organisation counts in"),
          optional("guardrails", TEXTS, "what stands around it and is not its provider's, as text"),
          optional(
              "fineTune",
              Shape.text("text", 1, 200),
              "what it was trained further on, such as the name of a job or of a set of data"),
          optional(
              "backend",
              Shape.text("text", 1, 200),
              "what runs it, as far as its provider tells: an engine, a region"),
          optional(
              "rollback",
              new ListOf(
                  new Fields(
                      required(
                          "on", Shape.word(ModelTerms.Measure.class), "what may go wrong with it"),
                      fallback(
                          "above",
                          new Count(0, 10_000),
                          JSON.numberNode(0),
                          "acts when it is more than this, in ten-thousandths"),
                      required("do", Shape.word(ModelTerms.Action.class), "what is done then")),
                  1,
                  16),
              "when to go back to what was before, executed by machine"),
          optional("fallback", NAME, "the model that takes its place when it is withdrawn"),
          optional("withdrawsAt", new Moment(), "when its provider has said it withdraws it"),
          optional(
              "telemetry",
              new SetOf(Shape.word(ModelTerms.Telemetry.class), 1, 9),
              "what its provider lets us see of model, tools and secrets"),
          optional(
              "contractReview",
              new Fields(
                  required("by", NAME, "the person who has read the provider's terms"),
                  required("reference", Shape.text("text", 3, 500), "where that is on record"),
                  required("reviewedAt", new Moment(), "when")),
              "of a beta that its vendor manages: the review of the contract"),
          optional(
              "rollbackWhen",
              new SetOf(Shape.text("text", 3, 500), 1, 16),
              "of a beta: when to go back to what was before, a sentence each"),
          optional(
              "reapproveWhen",
              new SetOf(Shape.text("text", 3, 500), 1, 16),
              "of a beta: when it has to be approved anew, a sentence each"));

  private static final List<Field> WORKFLOW =
      List.of(
          required(
              "purpose",
              Shape.text("text", 8, 500),
              "the business purpose, in a sentence somebody outside the team understands"),
          required("owner", NAME, "the person with role `owner` who answers for it"),
          optional("sponsor", NAME, "the person who pays for it"),
          required(
              "escalation",
              Shape.text("text", 3, 250),
              "whom to reach when something goes wrong, such as an address"),
          fallback(
              "dataClasses",
              DATA_CLASSES,
              JSON.arrayNode(),
              "every class of data its identities may be granted"),
          required("intents", new SetOf(WORD, 1, 64), "what a task of it may be started for"),
          required(
              "stage", Shape.word(Stage.class), "where it stands between trial and retirement"),
          optional(
              "pilotExpires",
              new Moment(),
              "when the pilot ends; needed exactly while `stage` is `pilot`"),
          fallback(
              "retention",
              checked(
                  "a number of days such as 365d", "^[1-9][0-9]{0,4}d$", 6, ManifestShapes::days),
              JSON.stringNode("365d"),
              "how long evidence about it is kept"),
          optional(
              "timeZone",
              checked(
                  "a time zone such as Europe/Zurich",
                  "^[A-Za-z][A-Za-z0-9_+/-]*$",
                  64,
                  ZoneId::of),
              "whose clock its working hours go by; UTC if not written"),
          optional(
              "successor",
              NAME,
              "the person with role `owner` who owns it as soon as its owner has left"));

  private static final List<Field> IDENTITY =
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
                                      "an issuer's URL", "^https?://", 500, ManifestShapes::http),
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
                                          ManifestShapes::thumbprint),
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
                                          ManifestShapes::http),
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

  private static final Text DATABASE_NAME =
      checked(
          "a name in PostgreSQL",
          "^[^\\u0000-\\u001f\"]{1,63}$",
          63,
          text -> {
            if (!text.matches("[^\\x00-\\x1f\"]{1,63}") || text.startsWith("remit_t")) {
              throw new IllegalArgumentException(
                  "a name in PostgreSQL has no quotes or control characters, and those that begin"
                      + " with `remit_t` are for credentials");
            }
          });

  private static final Fields DATABASE =
      new Fields(
          required(
              "host",
              checked("a host", "^[A-Za-z0-9._:-]+$", 255, ManifestShapes::host),
              "its host's name or address"),
          fallback("port", new Count(1, 65_535), JSON.numberNode(5_432), "its port"),
          required("database", DATABASE_NAME, "the database"),
          required(
              "administrator",
              new Fields(
                  required("user", DATABASE_NAME, "a role with CREATEROLE, and no more"),
                  required("secret", SECRET_NAME, "the secret in Remit's store: its password")),
              "by which Remit makes a role for each credential, and drops it"),
          fallback(
              "tls",
              Shape.word(Upstream.Tls.class),
              JSON.stringNode("verify-full"),
              "`disable` only for a database on the same machine"),
          required(
              "profiles",
              new MapOf(
                  WORD,
                  new Fields(
                      required(
                          "roles",
                          new SetOf(DATABASE_NAME, 1, 16),
                          "roles of the database that a credential is made a member of"),
                      fallback(
                          "connections",
                          new Count(1, 1_000),
                          JSON.numberNode(2),
                          "connections that one credential may hold at once")),
                  64),
              "what a credential can be good for, by name"));

  private static final List<Field> RESOURCE =
      List.of(
          fallback(
              "type",
              new OneWord(List.of("mcp", "postgresql", "models")),
              JSON.stringNode("mcp"),
              "what it speaks"),
          required("environment", Shape.word(Environment.class), "where it lives"),
          required(
              "upstream",
              new Choice(
                  required(
                      "stdio",
                      new Fields(
                          required("command", Shape.text("text", 1, 4_096), "the program to start"),
                          fallback(
                              "args",
                              new ListOf(Shape.text("text", 0, 8_192), 0, 256),
                              JSON.arrayNode(),
                              "its arguments"),
                          fallback(
                              "env",
                              new MapOf(
                                  checked(
                                      "a variable's name",
                                      "^[A-Za-z_][A-Za-z0-9_]*$",
                                      128,
                                      ManifestShapes::variable),
                                  SETTING,
                                  256),
                              JSON.objectNode(),
                              "its environment; it inherits nothing confidential"),
                          optional("cwd", Shape.text("text", 1, 4_096), "where it runs")),
                      "a child process on its standard streams"),
                  required(
                      "http", HttpShapes.of(SETTING, SECRET_NAME), "a Streamable HTTP endpoint"),
                  required("database", DATABASE, "a PostgreSQL, 15 or newer"),
                  required(
                      "models",
                      HttpShapes.models(SETTING, SECRET_NAME),
                      "a place where models answer")),
              "how it is reached"));

  private static final Text TOOL_NAME =
      new Text("resource/tool", "^[a-z0-9-]{1,63}/\\S{1,256}$", 3, 320, ToolName::parse);

  private static final Text WIRE_NAME =
      new Text(
          "a tool's name on the wire",
          "^\\S{1,256}$",
          1,
          256,
          text -> ToolName.parse("resource/" + text));

  private static final List<Field> TOOL =
      List.of(
          required("resource", NAME, "the resource that offers it"),
          required("tool", WIRE_NAME, "its name on the wire"),
          required("effects", new SetOf(Shape.word(Effect.class), 1, 7), "what a call can do"),
          fallback(
              "dataClasses",
              DATA_CLASSES,
              JSON.arrayNode(),
              "the classes of data a call may touch"),
          optional(
              "amount",
              Shape.text("an argument's name", 1, 256),
              "the argument that says how big the transaction is; policy sees it as"
                  + " `context.amount`"),
          required(
              "definition",
              new Fields(
                  required(
                      "digest",
                      checked("a SHA-256 digest", "^sha256:[0-9a-f]{64}$", 71, Digest::new),
                      "digest of the definition that was reviewed"),
                  required(
                      "inputSchema", new Open("a JSON Schema"), "schema of the call's arguments")),
              "the reviewed definition; a tool that says anything else is withheld"));

  private static final List<Field> GRANT =
      List.of(
          required("identity", NAME, "who may ask"),
          required("resource", NAME, "whom they may ask"),
          fallback(
              "tools",
              new SetOf(
                  new Text("a tool's name or `*`", "^\\S{1,256}$", 1, 256, t -> {}), 0, 1_024),
              JSON.arrayNode(),
              "names on the wire, or `*` alone for every tool with a reviewed definition"),
          fallback(
              "prompts",
              new SetOf(Shape.text("text", 1, 256), 0, 1_024),
              JSON.arrayNode(),
              "names of prompts, or `*` alone for every one"),
          fallback(
              "reads",
              new ListOf(Shape.text("a URI with `*` for any characters", 1, 2_048), 0, 256),
              JSON.arrayNode(),
              "which of the resource's URIs may be read"),
          fallback(
              "asks",
              new SetOf(
                  new Text("a workflow's name or `*`", "^(\\*|[a-z0-9-]{1,63})$", 1, 63, t -> {}),
                  0,
                  1_024),
              JSON.arrayNode(),
              "workflows for whose identities decisions on the resource may be asked for over"
                  + " AuthZEN, or `*` alone for every one; for an identity of kind `service`"),
          fallback(
              "profiles",
              new SetOf(WORD, 0, 64),
              JSON.arrayNode(),
              "a database's profiles for which credentials may be asked, each by name"),
          optional(
              "models",
              new SetOf(
                  new Text("a model's name or `*`", "^(\\*|[a-z0-9-]{1,63})$", 1, 63, t -> {}),
                  1,
                  256),
              "models that may be asked at the resource, or `*` alone for every one there; with any,"
                  + " the identity's own too"),
          fallback(
              "dataClasses",
              DATA_CLASSES,
              JSON.arrayNode(),
              "the classes of data it may touch, all among the workflow's"),
          fallback(
              "limits",
              new Fields(
                  fallback(
                      "callsPerTask",
                      new Count(1, 1_000_000_000),
                      JSON.numberNode(CALLS_PER_TASK),
                      "calls in one task altogether"),
                  optional(
                      "tokensPerTask",
                      new Count(1, 1_000_000_000_000L),
                      "tokens that models read and write in one task"),
                  optional("costPerTask", MONEY, "what they may cost, in the money of the prices"),
                  optional(
                      "asksPerMinute",
                      new Count(1, 1_000_000),
                      "questions to models by the identity within 60 seconds")),
              JSON.objectNode().put("callsPerTask", CALLS_PER_TASK),
              "bounds on its use"),
          required("approvedBy", NAME, "the person with role `approver` who agreed"),
          required("expires", new Moment(), "when it ends"));

  private static final List<Field> POLICY =
      List.of(
          required("description", Shape.text("text", 3, 500), "what it is for, in one sentence"),
          required("cedar", Shape.text("Cedar statements", 1, 65_536), "one or more statements"),
          optional(
              "mode",
              Shape.word(PolicyText.Mode.class),
              "`shadow`: tried on each decision, and changes none; `enforced` if not written"));

  private static Text checked(String what, String pattern, int lengthMax, Consumer<String> check) {
    return new Text(what, pattern, 1, lengthMax, check);
  }

  private static void name(String text) {
    new PersonName(text);
  }

  private static void email(String text) {
    if (!text.matches("[^@\\s]+@[^@\\s]+")) {
      throw new IllegalArgumentException("`" + text + "` is not an e-mail address");
    }
  }

  private static void days(String text) {
    if (!text.matches("[1-9][0-9]{0,4}d")) {
      throw new IllegalArgumentException("`" + text + "` is not a number of days such as 365d");
    }
  }

  private static void money(String text) {
    if (!text.matches("[0-9]{1,9}([.][0-9]{1,6})?")) {
      throw new IllegalArgumentException(
          "an amount of money is written as `2.50`, with up to six decimal places");
    }
  }

  static void http(String text) {
    var uri = URI.create(text);
    var scheme = uri.getScheme();
    if ((!"http".equals(scheme) && !"https".equals(scheme)) || uri.getHost() == null) {
      throw new IllegalArgumentException("an address starts with http:// or https:// and a host");
    }
  }

  private static void thumbprint(String text) {
    if (!text.matches("[A-Za-z0-9_-]{43}")) {
      throw new IllegalArgumentException("a SHA-256 in base64url has 43 characters, without `=`");
    }
  }

  private static void host(String text) {
    if (!text.matches("[A-Za-z0-9._:-]+")) {
      throw new IllegalArgumentException("`" + text + "` is not a host's name or address");
    }
  }

  private static void variable(String text) {
    if (!text.matches("[A-Za-z_][A-Za-z0-9_]*")) {
      throw new IllegalArgumentException("`" + text + "` cannot name an environment variable");
    }
  }

  static void header(String text) {
    if (!text.matches("[A-Za-z0-9!#$%&'*+.^_`|~-]+")) {
      throw new IllegalArgumentException("`" + text + "` cannot name a header");
    }
  }
}
