package dev.remit.server.gateway;

import dev.remit.kernel.canonical.CanonicalJson;
import dev.remit.kernel.canonical.Digest;
import dev.remit.kernel.identity.ApprovalId;
import dev.remit.server.gateway.wire.Era;
import dev.remit.server.gateway.wire.Params;
import dev.remit.server.ledger.KeyWrap;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;

/// Seals and opens what a modern client carries from one try of a held request to the next.
///
/// The state authorises nothing: it says which approval the client was waiting for, and the
/// approval's row says what that is worth. It is encrypted and authenticated all the same, and
/// bound to the principal, the task, the request and a time, because the protocol has us treat it
/// as what an attacker sends. Presented twice it finds the same row twice.
///
/// Source: MCP 2026-07-28, Multi Round-Trip Requests, "Server Requirements".
final class RequestStates {
  private static final String PREFIX = "remit1.";
  private static final String PURPOSE = "remit request state v1";
  private static final JsonMapper JSON = JsonMapper.shared();

  private final KeyWrap kek;

  RequestStates(KeyWrap kek) {
    this.kek = kek;
  }

  /// @param round how often the client has been sent round for this approval, this time included
  record State(ApprovalId approval, int round, Instant expiresAt) {}

  /// Whether a request carries a state of ours and not one of the server behind us.
  static boolean isOurs(Params params) {
    return params.requestState().startsWith(PREFIX);
  }

  String seal(Call call, State state) {
    var claims = call.agent().claims();
    var json =
        JSON.createObjectNode()
            .put("approval", state.approval().value())
            .put("round", state.round())
            .put("expires", state.expiresAt().toString())
            .put("identity", claims.subject().value())
            .put("task", claims.task().value())
            .put("request", request(call).value());
    var sealed = kek.wrap(json.toString().getBytes(StandardCharsets.UTF_8), PURPOSE);
    return PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(sealed);
  }

  /// Returns why a state of ours that `call` carries is refused.
  Optional<Refusal> problem(Call call, Instant now) {
    if (call.era() == Era.LEGACY || !isOurs(call.message().params())) {
      return Optional.empty();
    }
    return switch (read(call, now)) {
      case Read.Good _ -> Optional.empty();
      case Read.Bad(var how, var why) -> Optional.of(new Refusal.StateRefused(how, why));
    };
  }

  /// Returns the state that `call` carries back, if it is good.
  Optional<State> of(Call call, Instant now) {
    return call.era() == Era.MODERN
            && isOurs(call.message().params())
            && read(call, now) instanceof Read.Good(var state)
        ? Optional.of(state)
        : Optional.empty();
  }

  private sealed interface Read {
    record Good(State state) implements Read {}

    record Bad(String how, String why) implements Read {}
  }

  private Read read(Call call, Instant now) {
    var claims = call.agent().claims();
    var text = call.message().params().requestState();
    final byte[] opened;
    try {
      var sealed = Base64.getUrlDecoder().decode(text.substring(PREFIX.length()));
      opened = kek.unwrap(sealed, PURPOSE);
    } catch (IllegalArgumentException | IllegalStateException e) {
      return new Read.Bad("invalid", "was not issued here or was altered");
    }
    var json = JSON.readTree(opened);
    var expires = Instant.parse(json.path("expires").stringValue());
    if (!json.path("identity").stringValue().equals(claims.subject().value())
        || !json.path("task").stringValue().equals(claims.task().value())) {
      return new Read.Bad("foreign", "was issued to another identity or task");
    }
    if (!json.path("request").stringValue().equals(request(call).value())) {
      return new Read.Bad("mismatched", "belongs to another request");
    }
    if (!now.isBefore(expires)) {
      return new Read.Bad("expired", "expired at " + expires);
    }
    return new Read.Good(
        new State(
            new ApprovalId(json.path("approval").stringValue()),
            json.path("round").intValue(),
            expires));
  }

  /// What was asked, whatever is declared about it: method, item, arguments.
  private static Digest request(Call call) {
    var params = call.message().params();
    return CanonicalJson.digest(
        JSON.createArrayNode()
            .add(call.resource().name().value())
            .add(call.method().toString())
            .add(params.name())
            .add(params.uri())
            .add(ArgumentDigest.of(params).value()));
  }
}
