package dev.remit.server.registry;

import static java.util.stream.Collectors.toUnmodifiableSet;

import com.nimbusds.jose.jwk.JWK;
import dev.remit.kernel.canonical.Digest;
import dev.remit.kernel.identity.Autonomy;
import dev.remit.kernel.identity.Effect;
import dev.remit.kernel.identity.Environment;
import dev.remit.kernel.identity.GrantName;
import dev.remit.kernel.identity.IdentityKind;
import dev.remit.kernel.identity.IdentityName;
import dev.remit.kernel.identity.Lifecycle;
import dev.remit.kernel.identity.ModelName;
import dev.remit.kernel.identity.PersonName;
import dev.remit.kernel.identity.PolicyName;
import dev.remit.kernel.identity.ResourceName;
import dev.remit.kernel.identity.Role;
import dev.remit.kernel.identity.SpiffeId;
import dev.remit.kernel.identity.Stage;
import dev.remit.kernel.identity.ToolName;
import dev.remit.kernel.identity.Word;
import dev.remit.kernel.identity.WorkflowName;
import java.math.BigDecimal;
import java.net.URI;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Turns a complete specification, as stored, into the record that the rest of Remit reads.
///
/// The specification has passed its shape and [SpecRules]; one that has not is a bug and an
/// [IllegalArgumentException].
final class DeclaredReader {
  private DeclaredReader() {}

  static Declared declared(Ref ref, ObjectNode spec) {
    return switch (ref.kind()) {
      case PERSON -> person(new PersonName(ref.name()), spec);
      case DATA_CLASS ->
          new DataClass(ref.name(), text(spec, "description"), spec.get("sensitivity").longValue());
      case MODEL -> model(new ModelName(ref.name()), spec);
      case WORKFLOW -> workflow(new WorkflowName(ref.name()), spec);
      case IDENTITY -> identity(new IdentityName(ref.name()), spec);
      case RESOURCE -> resource(new ResourceName(ref.name()), spec);
      case TOOL -> tool(ToolName.parse(ref.name()), spec);
      case GRANT -> grant(new GrantName(ref.name()), spec);
      case POLICY ->
          new PolicyText(
              new PolicyName(ref.name()),
              text(spec, "description"),
              text(spec, "cedar"),
              maybe(spec, "mode")
                  .map(word -> Word.parse(PolicyText.Mode.class, word))
                  .orElse(PolicyText.Mode.ENFORCED));
    };
  }

  private static Person person(PersonName name, ObjectNode spec) {
    var roles =
        texts(spec, "roles").stream()
            .map(word -> Word.parse(Role.class, word))
            .collect(toUnmodifiableSet());
    return new Person(
        name,
        text(spec, "displayName"),
        maybe(spec, "email"),
        maybe(spec, "subject"),
        roles,
        text(spec, "standing").equals("active"),
        maybe(spec, "accountOf").map(PersonName::new),
        spec.has("absent") ? Optional.of(period(spec.get("absent"))) : Optional.empty(),
        spec.path("delegates").valueStream().map(DeclaredReader::delegate).toList());
  }

  private static Person.Delegate delegate(JsonNode one) {
    return new Person.Delegate(
        new PersonName(text(one, "to")),
        texts(one, "roles").stream()
            .map(word -> Word.parse(Role.class, word))
            .collect(toUnmodifiableSet()),
        period(one));
  }

  private static Person.Period period(JsonNode one) {
    return new Person.Period(Instant.parse(text(one, "from")), Instant.parse(text(one, "until")));
  }

  private static Model model(ModelName name, ObjectNode spec) {
    return new Model(
        name,
        text(spec, "provider"),
        text(spec, "model"),
        maybe(spec, "version"),
        named(spec, "parameters"),
        spec.has("contextWindow")
            ? OptionalLong.of(spec.get("contextWindow").longValue())
            : OptionalLong.empty(),
        named(spec, "safety"),
        Word.parse(Lifecycle.class, text(spec, "lifecycle")),
        maybe(spec, "resource").map(ResourceName::new),
        spec.has("outputMax")
            ? OptionalLong.of(spec.get("outputMax").longValue())
            : OptionalLong.empty(),
        price(spec.path("pricePerMillion")));
  }

  private static Model.Price price(JsonNode price) {
    return new Model.Price(
        micros(price.path("input").asString("0")),
        micros(price.path("output").asString("0")),
        micros(price.path("cached").asString(price.path("input").asString("0"))));
  }

  private static long micros(String money) {
    return new BigDecimal(money).movePointRight(6).longValueExact();
  }

  private static Workflow workflow(WorkflowName name, ObjectNode spec) {
    var days = text(spec, "retention");
    return new Workflow(
        name,
        text(spec, "purpose"),
        new PersonName(text(spec, "owner")),
        maybe(spec, "sponsor").map(PersonName::new),
        text(spec, "escalation"),
        set(spec, "dataClasses"),
        set(spec, "intents"),
        Word.parse(Stage.class, text(spec, "stage")),
        maybe(spec, "pilotExpires").map(Instant::parse),
        Duration.ofDays(Long.parseLong(days, 0, days.length() - 1, 10)),
        maybe(spec, "timeZone").map(ZoneId::of).orElse(ZoneOffset.UTC),
        maybe(spec, "successor").map(PersonName::new));
  }

  private static Identity identity(IdentityName name, ObjectNode spec) {
    return new Identity(
        name,
        new SpiffeId(text(spec, "spiffeId")),
        new WorkflowName(text(spec, "workflow")),
        Word.parse(IdentityKind.class, text(spec, "kind")),
        Word.parse(Autonomy.class, text(spec, "autonomy")),
        maybe(spec, "model").map(ModelName::new),
        spec.path("delegatesTo")
            .valueStream()
            .map(one -> new IdentityName(one.stringValue()))
            .collect(toUnmodifiableSet()),
        spec.get("authenticatesBy").valueStream().map(DeclaredReader::authentication).toList());
  }

  private static Authentication authentication(JsonNode way) {
    var oidc = way.get("oidc");
    if (oidc != null) {
      return new Authentication.Oidc(
          URI.create(text(oidc, "issuer")),
          text(oidc, "audience"),
          text(oidc, "subject"),
          named(oidc, "claims"));
    }
    if (way.has("tlsClientAuth")) {
      return new Authentication.TlsClient(
          Authentication.CertifiedName.parse(text(way.get("tlsClientAuth"), "name")));
    }
    if (way.has("selfSignedTlsClientAuth")) {
      return new Authentication.SelfSignedTls(
          way.at("/selfSignedTlsClientAuth/thumbprints")
              .valueStream()
              .map(JsonNode::stringValue)
              .toList());
    }
    if (way.has("spiffe")) {
      return new Authentication.Spiffe(new SpiffeId(text(way.get("spiffe"), "id")));
    }
    var signIn = way.get("signIn");
    if (signIn != null) {
      return new Authentication.SignIn(
          signIn
              .path("people")
              .valueStream()
              .map(one -> new PersonName(one.stringValue()))
              .collect(toUnmodifiableSet()),
          signIn
              .path("clients")
              .valueStream()
              .map(one -> URI.create(one.stringValue()))
              .collect(toUnmodifiableSet()));
    }
    return new Authentication.PrivateKeyJwt(
        way.at("/privateKeyJwt/jwks/keys").valueStream().map(DeclaredReader::key).toList());
  }

  private static JWK key(JsonNode key) {
    try {
      return JWK.parse(key.toString());
    } catch (ParseException e) {
      throw new IllegalArgumentException("a stored key is not a JSON Web Key", e);
    }
  }

  private static Resource resource(ResourceName name, ObjectNode spec) {
    return new Resource(
        name,
        Word.parse(Environment.class, text(spec, "environment")),
        upstream(spec.get("upstream")));
  }

  private static Upstream upstream(JsonNode upstream) {
    var http = upstream.get("http");
    if (http != null) {
      return HttpReader.http(http);
    }
    var database = upstream.get("database");
    if (database != null) {
      return database(database);
    }
    var models = upstream.get("models");
    if (models != null) {
      return HttpReader.models(models);
    }
    var stdio = upstream.get("stdio");
    return new Upstream.Stdio(
        text(stdio, "command"),
        texts(stdio, "args"),
        settings(stdio.get("env")),
        maybe(stdio, "cwd"));
  }

  private static Upstream database(JsonNode database) {
    var profiles = new HashMap<String, Upstream.Profile>();
    database
        .get("profiles")
        .propertyStream()
        .forEach(entry ->
            profiles.put(
                entry.getKey(),
                new Upstream.Profile(
                    set(entry.getValue(), "roles"),
                    entry.getValue().path("connections").intValue())));
    return new Upstream.Database(
        text(database, "host"),
        database.path("port").intValue(),
        text(database, "database"),
        database.at("/administrator/user").stringValue(),
        database.at("/administrator/secret").stringValue(),
        Word.parse(Upstream.Tls.class, text(database, "tls")),
        profiles);
  }

  static Map<String, Upstream.Setting> settings(JsonNode settings) {
    var read = new HashMap<String, Upstream.Setting>();
    settings
        .propertyStream()
        .forEach(entry ->
            read.put(
                entry.getKey(),
                entry.getValue().isString()
                    ? new Upstream.Setting.Plain(entry.getValue().stringValue())
                    : new Upstream.Setting.Secret(text(entry.getValue(), "secret"))));
    return read;
  }

  private static Tool tool(ToolName name, ObjectNode spec) {
    return new Tool(
        name,
        texts(spec, "effects").stream()
            .map(word -> Word.parse(Effect.class, word))
            .collect(toUnmodifiableSet()),
        set(spec, "dataClasses"),
        maybe(spec, "amount"),
        new Digest(spec.at("/definition/digest").stringValue()),
        spec.at("/definition/inputSchema"));
  }

  private static Grant grant(GrantName name, ObjectNode spec) {
    var tools = set(spec, "tools");
    return new Grant(
        name,
        new IdentityName(text(spec, "identity")),
        new ResourceName(text(spec, "resource")),
        tools.contains("*") ? new Grant.Tools.EveryPinned() : new Grant.Tools.Named(tools),
        set(spec, "prompts"),
        texts(spec, "reads").stream().map(UriPattern::new).toList(),
        spec.has("asks") ? set(spec, "asks") : Set.of(),
        spec.has("profiles") ? set(spec, "profiles") : Set.of(),
        spec.has("models") ? set(spec, "models") : Set.of(),
        spending(spec.path("limits")),
        set(spec, "dataClasses"),
        spec.at("/limits/callsPerTask").longValue(),
        new PersonName(text(spec, "approvedBy")),
        Instant.parse(text(spec, "expires")));
  }

  private static Grant.Spending spending(JsonNode limits) {
    return new Grant.Spending(
        limits.path("tokensPerTask").asLong(Long.MAX_VALUE),
        limits.has("costPerTask") ? micros(text(limits, "costPerTask")) : Long.MAX_VALUE,
        limits.path("asksPerMinute").asLong(Long.MAX_VALUE));
  }

  static String text(JsonNode object, String name) {
    var value = object.get(name);
    if (value == null || !value.isString()) {
      throw new IllegalArgumentException("`" + name + "` is missing from what was stored");
    }
    return value.stringValue();
  }

  private static Optional<String> maybe(JsonNode object, String name) {
    return object.has(name) ? Optional.of(text(object, name)) : Optional.empty();
  }

  private static Map<String, String> named(JsonNode object, String name) {
    return object
        .get(name)
        .propertyStream()
        .collect(Collectors.toMap(Map.Entry::getKey, e -> e.getValue().stringValue()));
  }

  private static List<String> texts(JsonNode object, String name) {
    return object.get(name).valueStream().map(JsonNode::stringValue).toList();
  }

  private static Set<String> set(JsonNode object, String name) {
    return Set.copyOf(texts(object, name));
  }
}
