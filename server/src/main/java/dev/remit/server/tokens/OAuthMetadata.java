package dev.remit.server.tokens;

import dev.remit.kernel.identity.ResourceName;
import dev.remit.server.tokens.proof.Proofs;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// What clients can learn before they ask: the authorization server and its protected resources.
///
/// Source: RFC 8414, section 2; RFC 9396, section 10; RFC 9728, section 2.
final class OAuthMetadata {
  private static final JsonMapper JSON = JsonMapper.shared();

  private OAuthMetadata() {}

  static ObjectNode server(TokenConfig config) {
    var issuer = config.issuer().toString();
    var server = JSON.createObjectNode();
    server.put("issuer", issuer);
    server.put("authorization_endpoint", issuer + "/oauth2/authorize");
    server.put("token_endpoint", issuer + "/oauth2/token");
    server.put("jwks_uri", issuer + "/oauth2/jwks");
    server.put("introspection_endpoint", issuer + "/oauth2/introspect");
    server.put("revocation_endpoint", issuer + "/oauth2/revoke");
    server.putArray("response_types_supported").add("code");
    server.putArray("response_modes_supported").add("query");
    server.putArray("code_challenge_methods_supported").add("S256");
    server.put("client_id_metadata_document_supported", true);
    server.put("authorization_response_iss_parameter_supported", true);
    server
        .putArray("grant_types_supported")
        .add("urn:ietf:params:oauth:grant-type:token-exchange")
        .add("client_credentials")
        .add("authorization_code")
        .add("refresh_token");
    var methods =
        server.putArray("token_endpoint_auth_methods_supported").add("private_key_jwt").add("none");
    if (config.holders().certificates()) {
      methods.add("tls_client_auth").add("self_signed_tls_client_auth");
      server.put("tls_client_certificate_bound_access_tokens", true);
    }
    var algorithms = server.putArray("token_endpoint_auth_signing_alg_values_supported");
    Proofs.algorithms().forEach(algorithms::add);
    var dpop = server.putArray("dpop_signing_alg_values_supported");
    Proofs.algorithms().forEach(dpop::add);
    server.putArray("authorization_details_types_supported").add(TokenBody.DETAILS_TYPE);
    return server;
  }

  static ObjectNode resource(TokenConfig config, ResourceName name) {
    var resource = JSON.createObjectNode();
    resource.put("resource", config.audience(name.value()).toString());
    if (config.holders().certificates()) {
      resource.put("tls_client_certificate_bound_access_tokens", true);
    }
    resource.putArray("authorization_servers").add(config.issuer().toString());
    resource.putArray("bearer_methods_supported").add("header");
    var dpop = resource.putArray("dpop_signing_alg_values_supported");
    Proofs.algorithms().forEach(dpop::add);
    resource.putArray("authorization_details_types_supported").add(TokenBody.DETAILS_TYPE);
    resource.put("resource_name", name.value());
    return resource;
  }
}
