package dev.remit.server.tokens;

import dev.remit.kernel.identity.SpiffeId;
import dev.remit.kernel.identity.TaskId;
import dev.remit.kernel.identity.ToolName;
import dev.remit.kernel.task.TaskScope;
import java.net.URI;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Reads the form that is posted to the token endpoint.
///
/// What Remit does not do is refused by name rather than ignored: a parameter that is silently
/// dropped is a restriction that somebody believes in. Unknown parameters are ignored, as RFC 6749
/// section 3.2 demands.
final class ExchangeForm {
  private static final String EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange";
  private static final String JWT_TYPE = "urn:ietf:params:oauth:token-type:jwt";
  private static final String ID_TOKEN_TYPE = "urn:ietf:params:oauth:token-type:id_token";
  private static final String ACCESS_TOKEN_TYPE = "urn:ietf:params:oauth:token-type:access_token";
  private static final String ASSERTION_TYPE =
      "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
  private static final Set<String> DETAILS =
      Set.of("type", "intent", "tools", "task", "callsMax", "delegateTo");
  private static final int TOOLS_MAX = 1000;
  private static final JsonMapper STRICT =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private ExchangeForm() {}

  sealed interface Parsed {
    record Request(ExchangeRequest request) implements Parsed {}

    record Wrong(OAuthError error) implements Parsed {}
  }

  /// Carries an error out of the nested reading of one form; never leaves this class.
  private static final class WrongForm extends Exception {
    private static final long serialVersionUID = 1L;
    private final transient OAuthError error;

    WrongForm(OAuthError error) {
      super(error.description());
      this.error = error;
    }
  }

  static Parsed parse(Map<String, String> form) {
    try {
      return new Parsed.Request(request(form));
    } catch (WrongForm e) {
      return new Parsed.Wrong(e.error);
    }
  }

  private static ExchangeRequest request(Map<String, String> form) throws WrongForm {
    if (form.containsKey("client_secret")) {
      throw new WrongForm(
          new OAuthError(
              401,
              "invalid_client",
              "shared-secret",
              "shared client secrets are not accepted; prove the workload with a signed JWT"));
    }
    if (form.containsKey("scope")) {
      throw new WrongForm(
          new OAuthError(
              400,
              "invalid_scope",
              "scope-unused",
              "scope is not used here; say what the task is in authorization_details"));
    }
    var grant = grant(form);
    return switch (grant) {
      case TOKEN_EXCHANGE -> exchanged(form);
      case CLIENT_CREDENTIALS ->
          new ExchangeRequest(
              grant, assertion(form), resource(form), details(form), Optional.empty());
    };
  }

  private static ExchangeRequest.Grant grant(Map<String, String> form) throws WrongForm {
    return switch (needed(form, "grant_type")) {
      case EXCHANGE -> ExchangeRequest.Grant.TOKEN_EXCHANGE;
      case "client_credentials" -> ExchangeRequest.Grant.CLIENT_CREDENTIALS;
      default ->
          throw new WrongForm(
              new OAuthError(
                  400,
                  "unsupported_grant_type",
                  "grant-type",
                  "grant_type is "
                      + EXCHANGE
                      + ", client_credentials, authorization_code or refresh_token"));
    };
  }

  /// A workload exchanges its own proof; or, acting for somebody, their task token, proving itself
  /// as the actor.
  private static ExchangeRequest exchanged(Map<String, String> form) throws WrongForm {
    if (form.containsKey("audience")) {
      throw wrong("unsupported-parameter", "audience is not supported; name the resource");
    }
    var asked = form.getOrDefault("requested_token_type", ACCESS_TOKEN_TYPE);
    if (!asked.equals(ACCESS_TOKEN_TYPE) && !asked.equals(JWT_TYPE)) {
      throw wrong("requested-token-type", "requested_token_type must be " + ACCESS_TOKEN_TYPE);
    }
    boolean isDelegated = needed(form, "subject_token_type").equals(ACCESS_TOKEN_TYPE);
    if (!isDelegated && form.containsKey("actor_token")) {
      throw wrong(
          "unsupported-parameter",
          "an actor_token acts for a task token: subject_token_type must be " + ACCESS_TOKEN_TYPE);
    }
    var proof = isDelegated ? token(form, "actor_token") : token(form, "subject_token");
    var delegation =
        isDelegated ? Optional.of(needed(form, "subject_token")) : Optional.<String>empty();
    return new ExchangeRequest(
        ExchangeRequest.Grant.TOKEN_EXCHANGE,
        new ExchangeRequest.Shown.Jwt(proof),
        resource(form),
        details(form),
        delegation);
  }

  /// Returns a workload's proof.
  private static String token(Map<String, String> form, String name) throws WrongForm {
    var type = needed(form, name + "_type");
    if (!type.equals(JWT_TYPE) && !type.equals(ID_TOKEN_TYPE)) {
      throw wrong(name.replace('_', '-') + "-type", name + "_type must be " + JWT_TYPE);
    }
    return needed(form, name);
  }

  /// Without an assertion the client is known by its connection, and says itself whose that is (RFC
  /// 8705, section 2).
  private static ExchangeRequest.Shown assertion(Map<String, String> form) throws WrongForm {
    if (!form.containsKey("client_assertion") && form.containsKey("client_id")) {
      try {
        return new ExchangeRequest.Shown.Certificate(new SpiffeId(needed(form, "client_id")));
      } catch (IllegalArgumentException e) {
        throw wrong("client-id", "client_id must be the identity's SPIFFE ID");
      }
    }
    if (!form.containsKey("client_assertion")) {
      throw new WrongForm(
          new OAuthError(
              401,
              "invalid_client",
              "no-assertion",
              "client_credentials needs client_assertion: a JWT signed by the identity's key; or"
                  + " client_id, on a connection with the identity's certificate"));
    }
    if (!needed(form, "client_assertion_type").equals(ASSERTION_TYPE)) {
      throw wrong("assertion-type", "client_assertion_type must be " + ASSERTION_TYPE);
    }
    return new ExchangeRequest.Shown.Jwt(needed(form, "client_assertion"));
  }

  private static URI resource(Map<String, String> form) throws WrongForm {
    var text = form.getOrDefault("resource", "");
    try {
      var uri = URI.create(text);
      if (uri.isAbsolute() && uri.getFragment() == null) {
        return uri;
      }
    } catch (IllegalArgumentException e) {
      // Said below, together with every other way to get it wrong.
    }
    throw new WrongForm(
        OAuthError.invalidTarget(
            "resource", "resource must be the address of one resource, as the client calls it"));
  }

  private static ExchangeRequest.Details details(Map<String, String> form) throws WrongForm {
    var text = form.get("authorization_details");
    if (text == null) {
      throw wrongDetails("authorization_details is missing; name at least the task's intent");
    }
    var array = json(text);
    if (!array.isArray() || array.size() != 1 || !array.get(0).isObject()) {
      throw wrongDetails("authorization_details must be an array of exactly one object");
    }
    var object = array.get(0);
    if (!object.path("type").asString("").equals(TokenBody.DETAILS_TYPE)) {
      throw wrongDetails("the type of authorization_details must be " + TokenBody.DETAILS_TYPE);
    }
    for (var name : object.propertyNames()) {
      if (!DETAILS.contains(name)) {
        throw wrongDetails("authorization_details has an unknown member '" + shortened(name) + "'");
      }
    }
    return new ExchangeRequest.Details(
        text(object, "intent"), tools(object), callsMax(object), task(object), delegateTo(object));
  }

  private static JsonNode json(String text) throws WrongForm {
    try {
      return STRICT.readTree(text);
    } catch (JacksonException e) {
      throw wrongDetails("authorization_details is not valid JSON");
    }
  }

  private static TaskScope.Tools tools(JsonNode object) throws WrongForm {
    var array = object.path("tools");
    if (array.isMissingNode()) {
      return new TaskScope.Tools.AllGranted();
    }
    if (!array.isArray() || array.size() > TOOLS_MAX) {
      throw wrongDetails("tools must be an array of at most " + TOOLS_MAX + " names");
    }
    var names = new HashSet<ToolName>();
    for (var name : array) {
      names.add(tool(name.asString("")));
    }
    return new TaskScope.Tools.Named(names);
  }

  private static ToolName tool(String name) throws WrongForm {
    try {
      return ToolName.parse(name);
    } catch (IllegalArgumentException e) {
      throw wrongDetails("a tool is named resource/tool, not '" + shortened(name) + "'");
    }
  }

  private static long callsMax(JsonNode object) throws WrongForm {
    var number = object.path("callsMax");
    if (number.isMissingNode()) {
      return TokenBody.UNLIMITED;
    }
    if (!number.isIntegralNumber() || !number.canConvertToLong() || number.longValue() < 1) {
      throw wrongDetails("callsMax must be an integer of 1 or more");
    }
    return number.longValue();
  }

  private static Optional<TaskId> task(JsonNode object) throws WrongForm {
    var text = text(object, "task");
    try {
      return text.map(TaskId::new);
    } catch (IllegalArgumentException e) {
      throw wrongDetails("task must be the id of a task that this endpoint returned");
    }
  }

  private static Optional<SpiffeId> delegateTo(JsonNode object) throws WrongForm {
    var text = text(object, "delegateTo");
    try {
      return text.map(SpiffeId::new);
    } catch (IllegalArgumentException e) {
      throw wrongDetails("delegateTo must be the SPIFFE ID of an identity");
    }
  }

  private static Optional<String> text(JsonNode object, String name) throws WrongForm {
    var value = object.path(name);
    if (value.isMissingNode()) {
      return Optional.empty();
    }
    if (!value.isString()) {
      throw wrongDetails(name + " must be text");
    }
    return Optional.of(value.stringValue());
  }

  private static String needed(Map<String, String> form, String name) throws WrongForm {
    var value = form.getOrDefault(name, "");
    if (value.isEmpty()) {
      throw wrong("missing-parameter", "the parameter " + name + " is missing");
    }
    return value;
  }

  private static WrongForm wrong(String reasonCode, String description) {
    return new WrongForm(OAuthError.invalidRequest(reasonCode, description));
  }

  private static WrongForm wrongDetails(String description) {
    return new WrongForm(OAuthError.invalidDetails("details", description));
  }

  private static String shortened(String text) {
    return text.length() <= 60 ? text : text.substring(0, 60) + "...";
  }
}
