package dev.remit.conformance.signin;

import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// The organisation's people at Keycloak: `sam` and `kim`, and `gone`, whose account is disabled.
/// Two programs sign them in there: Remit, and another.
final class StaffRealm {
  static final String NAME = "staff";
  static final String CLIENT = "remit";
  static final String OTHER = "another-program";
  static final String SECRET = "a-secret-of-this-test-alone";
  static final String PASSWORD = "correct horse battery staple";

  private StaffRealm() {}

  static String json() {
    var realm = JsonMapper.shared().createObjectNode();
    realm.put("realm", NAME).put("enabled", true).put("sslRequired", "none");
    var clients = realm.putArray("clients");
    client(clients, CLIENT);
    client(clients, OTHER);
    var users = realm.putArray("users");
    user(users, "sam", true);
    user(users, "kim", true);
    user(users, "gone", false);
    return realm.toString();
  }

  /// Any address, since the server's port is known only later.
  private static void client(ArrayNode clients, String id) {
    ObjectNode client = clients.addObject();
    client
        .put("clientId", id)
        .put("enabled", true)
        .put("publicClient", false)
        .put("standardFlowEnabled", true)
        .put("clientAuthenticatorType", "client-secret")
        .put("secret", SECRET);
    client.putArray("redirectUris").add("*");
    client.putObject("attributes").put("pkce.code.challenge.method", "S256");
  }

  private static void user(ArrayNode users, String name, boolean enabled) {
    var user = users.addObject();
    user.put("username", name)
        .put("enabled", enabled)
        .put("firstName", name)
        .put("lastName", "of Example")
        .put("email", name + "@example.org")
        .put("emailVerified", true);
    user.putArray("credentials")
        .addObject()
        .put("type", "password")
        .put("value", PASSWORD)
        .put("temporary", false);
  }
}
