package dev.remit.server.export.format;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Function;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Says what takes authority away as the claims of a security event token: one event each, or
/// nothing where an entry is no such thing.
///
/// A suspension, an ended task and a withdrawn token are `session-revoked`; a key of task tokens
/// that was made or revoked is `credential-change`. Of a suspended identity the subject is what its
/// tokens have as `iss` and `client_id`; of a workflow it is a `group`, of an owner a `user`.
///
/// Source: RFC 8417; RFC 9493; OpenID Shared Signals Framework 1.0, section 3; OpenID CAEP 1.0,
/// sections 2 and 3.
public final class SecurityEvent {
  public static final String MEDIA_TYPE = "application/secevent+jwt";

  private static final String CAEP = "https://schemas.openid.net/secevent/caep/event-type/";
  private static final JsonMapper JSON = JsonMapper.shared();

  private final URI issuer;
  private final String audience;
  private final Function<String, Optional<String>> spiffeId;

  /// @param spiffeId finds what a registered identity is called outside
  public SecurityEvent(URI issuer, String audience, Function<String, Optional<String>> spiffeId) {
    this.issuer = issuer;
    this.audience = audience;
    this.spiffeId = spiffeId;
  }

  private record Event(String type, ObjectNode subject, ObjectNode claims) {}

  /// Returns the claims to be signed; empty if the entry takes nothing away.
  public Optional<byte[]> claims(Outgoing out, Instant now) {
    return event(out).map(event -> claims(out, event, now));
  }

  private byte[] claims(Outgoing out, Event event, Instant now) {
    var set = JSON.createObjectNode();
    set.put("iss", issuer.toString());
    set.put("aud", audience);
    set.put("iat", now.getEpochSecond());
    // The same each time it is sent, so that whoever got it twice can tell.
    set.put("jti", out.id());
    set.set("sub_id", event.subject());
    var claims = event.claims().put("event_timestamp", out.entry().at().getEpochSecond());
    set.putObject("events").set(CAEP + event.type(), claims);
    return set.toString().getBytes(StandardCharsets.UTF_8);
  }

  private Optional<Event> event(Outgoing out) {
    return switch (out.entry().type()) {
      case STANDING_CHANGED ->
          out.entry().content().path("suspended").asBoolean(false)
              ? party(out).map(subject -> revoked(subject, out, "admin"))
              : Optional.empty();
      case TASK_COMPLETED -> Optional.of(revoked(task(out), out, "system"));
      case TOKEN_REVOKED ->
          out.entry()
              .text("task")
              .flatMap(_ -> out.entry().text("token"))
              .map(jti -> revoked(token(jti), out, "user"));
      case KEY_CREATED -> out.entry().text("use").map(_ -> key(out, "create"));
      case KEY_REVOKED -> Optional.of(key(out, "revoke"));
      // Every other entry takes nothing away from anybody who could hold a token of ours.
      default -> Optional.empty();
    };
  }

  private Event revoked(ObjectNode subject, Outgoing out, String by) {
    var claims = JSON.createObjectNode().put("initiating_entity", by);
    out.entry()
        .text("reason")
        .ifPresent(reason -> claims.putObject("reason_admin").put("en", reason));
    return new Event("session-revoked", subject, claims);
  }

  private Event key(Outgoing out, String change) {
    boolean isAuthority = out.entry().text("use").filter("x509-svid"::equals).isPresent();
    var claims =
        JSON.createObjectNode()
            .put("credential_type", isAuthority ? "x509" : "jwk")
            .put("change_type", change);
    out.entry().text("kid").ifPresent(kid -> claims.put("friendly_name", kid));
    var subject = JSON.createObjectNode().put("format", "uri").put("uri", issuer.toString());
    return new Event("credential-change", subject, claims);
  }

  private Optional<ObjectNode> party(Outgoing out) {
    var name = out.entry().text("name").orElse("");
    return switch (out.entry().text("kind").orElse("")) {
      case "identity" ->
          Optional.of(spiffeId.apply(name).map(this::ours).orElseGet(() -> opaque(name)));
      case "workflow" -> Optional.of(complex("group", opaque(name)));
      case "person" -> Optional.of(complex("user", ours(name)));
      default -> Optional.empty();
    };
  }

  private ObjectNode task(Outgoing out) {
    var task = complex("session", opaque(out.entry().text("task").orElse("")));
    out.entry().text("identity").ifPresent(identity -> task.set("application", ours(identity)));
    return task;
  }

  private ObjectNode token(String jti) {
    return JSON.createObjectNode()
        .put("format", "jwt_id")
        .put("iss", issuer.toString())
        .put("jti", jti);
  }

  private ObjectNode ours(String subject) {
    return JSON.createObjectNode()
        .put("format", "iss_sub")
        .put("iss", issuer.toString())
        .put("sub", subject);
  }

  private static ObjectNode opaque(String id) {
    return JSON.createObjectNode().put("format", "opaque").put("id", id);
  }

  private static ObjectNode complex(String member, ObjectNode subject) {
    var complex = JSON.createObjectNode().put("format", "complex");
    complex.set(member, subject);
    return complex;
  }
}
