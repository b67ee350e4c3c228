package dev.remit.server.gateway;

import dev.remit.server.gateway.wire.Era;
import dev.remit.server.gateway.wire.Message;
import dev.remit.server.gateway.wire.Method;
import dev.remit.server.gateway.wire.ProtocolVersion;
import java.util.Optional;

/// In which era a request is spoken, and whether it keeps to the forms of that era.
///
/// A request that declares its version in `_meta`, or names a modern one in the header, is modern;
/// everything else is legacy, `initialize` always.
sealed interface Spoken {

  record In(Era era) implements Spoken {}

  record Wrong(Era era, Refusal why) implements Spoken {}

  static Spoken of(Inbound in, Message.Request request) {
    var declared = request.params().declaredVersion();
    var header = in.header("mcp-protocol-version");
    if (declared.isEmpty() && request.method().equals(Method.INITIALIZE.toString())) {
      return new In(Era.LEGACY);
    }
    if (declared.isEmpty()) {
      return ofHeader(header);
    }
    return HeaderAgreement.standard(in.headers(), request)
        .or(() -> unknown(declared))
        .or(() -> incomplete(request))
        .<Spoken>map(why -> new Wrong(Era.MODERN, why))
        .orElse(new In(Era.MODERN));
  }

  /// The era of a message that does not declare one itself.
  static Era eraOf(Inbound in) {
    return ProtocolVersion.of(in.header("mcp-protocol-version"))
        .map(ProtocolVersion::era)
        .orElse(Era.LEGACY);
  }

  private static Spoken ofHeader(String header) {
    if (header.isEmpty()) {
      return new In(Era.LEGACY);
    }
    var version = ProtocolVersion.of(header);
    if (version.isEmpty()) {
      return new Wrong(Era.LEGACY, new Refusal.UnknownVersion(header));
    }
    return switch (version.get().era()) {
      case LEGACY -> new In(Era.LEGACY);
      case MODERN ->
          new Wrong(
              Era.MODERN, new Refusal.BadParams("`_meta` does not declare the protocol version"));
    };
  }

  private static Optional<Refusal> unknown(String declared) {
    return ProtocolVersion.of(declared).filter(v -> v.era() == Era.MODERN).isPresent()
        ? Optional.empty()
        : Optional.of(new Refusal.UnknownVersion(declared));
  }

  private static Optional<Refusal> incomplete(Message.Request request) {
    return request.params().declaresCapabilities()
        ? Optional.empty()
        : Optional.of(new Refusal.BadParams("`_meta` does not declare the client's capabilities"));
  }
}
