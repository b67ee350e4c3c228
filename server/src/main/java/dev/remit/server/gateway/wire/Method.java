package dev.remit.server.gateway.wire;

import static dev.remit.server.gateway.wire.Method.Eras.BOTH;
import static dev.remit.server.gateway.wire.Method.Eras.ONLY_LEGACY;
import static dev.remit.server.gateway.wire.Method.Eras.ONLY_MODERN;
import static dev.remit.server.gateway.wire.Method.From.CLIENT;
import static dev.remit.server.gateway.wire.Method.From.EITHER;
import static dev.remit.server.gateway.wire.Method.From.SERVER;

import dev.remit.server.gateway.wire.Treatment.Decided;
import dev.remit.server.gateway.wire.Treatment.Filtered;
import dev.remit.server.gateway.wire.Treatment.Listened;
import dev.remit.server.gateway.wire.Treatment.Opening;
import dev.remit.server.gateway.wire.Treatment.Passed;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Every method that may pass the gateway: who may send it, in which era, and how it is treated.
///
/// This table is the whole list. What is not in it is refused, so a method that a later revision
/// adds does not pass until somebody has decided here how it is governed. The task methods of
/// 2025-11-25 (`tasks/get` and its siblings, experimental and gone in 2026-07-28) are left out on
/// purpose: a result that is fetched later, by another id, would escape its decision.
@SuppressWarnings("ImmutableEnumChecker") // a Treatment is a record of text
public enum Method {
  INITIALIZE("initialize", CLIENT, ONLY_LEGACY, new Opening()),
  DISCOVER("server/discover", CLIENT, ONLY_MODERN, new Passed()),
  PING("ping", EITHER, ONLY_LEGACY, new Passed()),

  TOOLS_LIST("tools/list", CLIENT, BOTH, new Filtered("tools", "name")),
  TOOLS_CALL("tools/call", CLIENT, BOTH, new Decided("call", "name")),

  PROMPTS_LIST("prompts/list", CLIENT, BOTH, new Filtered("prompts", "name")),
  PROMPTS_GET("prompts/get", CLIENT, BOTH, new Decided("prompt", "name")),

  RESOURCES_LIST("resources/list", CLIENT, BOTH, new Filtered("resources", "uri")),
  TEMPLATES_LIST(
      "resources/templates/list", CLIENT, BOTH, new Filtered("resourceTemplates", "uriTemplate")),
  RESOURCES_READ("resources/read", CLIENT, BOTH, new Decided("read", "uri")),
  RESOURCES_SUBSCRIBE("resources/subscribe", CLIENT, ONLY_LEGACY, new Decided("read", "uri")),
  RESOURCES_UNSUBSCRIBE("resources/unsubscribe", CLIENT, ONLY_LEGACY, new Passed()),
  SUBSCRIPTIONS_LISTEN("subscriptions/listen", CLIENT, ONLY_MODERN, new Listened()),

  COMPLETION("completion/complete", CLIENT, BOTH, new Decided("complete", "ref")),
  SET_LEVEL("logging/setLevel", CLIENT, ONLY_LEGACY, new Passed()),

  SAMPLING("sampling/createMessage", SERVER, BOTH, new Decided("sample", "")),
  ELICITATION("elicitation/create", SERVER, BOTH, new Decided("elicit", "")),
  ROOTS_LIST("roots/list", SERVER, BOTH, new Passed()),

  INITIALIZED("notifications/initialized", CLIENT, ONLY_LEGACY, new Passed()),
  CANCELLED("notifications/cancelled", EITHER, BOTH, new Passed()),
  PROGRESS("notifications/progress", EITHER, BOTH, new Passed()),
  ROOTS_CHANGED("notifications/roots/list_changed", CLIENT, ONLY_LEGACY, new Passed()),
  LOG_MESSAGE("notifications/message", SERVER, BOTH, new Passed()),
  TOOLS_CHANGED("notifications/tools/list_changed", SERVER, BOTH, new Passed()),
  PROMPTS_CHANGED("notifications/prompts/list_changed", SERVER, BOTH, new Passed()),
  RESOURCES_CHANGED("notifications/resources/list_changed", SERVER, BOTH, new Passed()),
  RESOURCE_UPDATED("notifications/resources/updated", SERVER, BOTH, new Passed()),
  ELICITATION_COMPLETE("notifications/elicitation/complete", SERVER, BOTH, new Passed()),
  ACKNOWLEDGED("notifications/subscriptions/acknowledged", SERVER, ONLY_MODERN, new Passed());

  private static final Map<String, Method> BY_NAME =
      Stream.of(values()).collect(Collectors.toUnmodifiableMap(m -> m.wire, Function.identity()));

  private final String wire;
  private final From from;
  private final Eras eras;
  private final Treatment treatment;

  Method(String wire, From from, Eras eras, Treatment treatment) {
    this.wire = wire;
    this.from = from;
    this.eras = eras;
    this.treatment = treatment;
  }

  /// The method a client may send in this era under this name.
  public static Optional<Method> fromClient(String wire, Era era) {
    return Optional.ofNullable(BY_NAME.get(wire)).filter(m -> m.from != SERVER && m.in(era));
  }

  /// The method a server may send in this era under this name.
  public static Optional<Method> fromServer(String wire, Era era) {
    return Optional.ofNullable(BY_NAME.get(wire)).filter(m -> m.from != CLIENT && m.in(era));
  }

  public Treatment treatment() {
    return treatment;
  }

  /// Whether an answer to it may send the client round for more input (2026-07-28).
  public boolean mayRequireInput() {
    return this == TOOLS_CALL || this == PROMPTS_GET || this == RESOURCES_READ;
  }

  private boolean in(Era era) {
    return switch (eras) {
      case BOTH -> true;
      case ONLY_LEGACY -> era == Era.LEGACY;
      case ONLY_MODERN -> era == Era.MODERN;
    };
  }

  @Override
  public String toString() {
    return wire;
  }

  /// Who may send a method.
  enum From {
    CLIENT,
    SERVER,
    EITHER
  }

  /// In which eras a method exists.
  enum Eras {
    ONLY_LEGACY,
    ONLY_MODERN,
    BOTH
  }
}
