package dev.remit.server.credentials;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.kernel.identity.Environment;
import dev.remit.kernel.identity.GrantName;
import dev.remit.kernel.identity.IdentityName;
import dev.remit.kernel.identity.PersonName;
import dev.remit.kernel.identity.ResourceName;
import dev.remit.server.registry.Declared;
import dev.remit.server.registry.Grant;
import dev.remit.server.registry.Registered;
import dev.remit.server.registry.Resource;
import dev.remit.server.registry.Upstream;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class SharedSecretsTest {
  private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");

  private final List<Declared> declared = new ArrayList<>();
  private Map<String, Instant> storedAt = Map.of();

  @Test
  void a_secret_of_one_workload_at_one_server_breaks_nothing() {
    resource("files", Environment.TEST, "https://files.example", "files-token");
    grant("one", "files", "read");

    assertThat(report()).isEmpty();
  }

  @Test
  @Tag("R75")
  void a_pool_that_many_agents_share_breaks_attribution_and_revocation() {
    resource("files", Environment.TEST, "https://files.example", "files-token");
    grant("one", "files", "read");
    grant("two", "files", "read");

    assertThat(breaks("files-token")).containsExactly("attribution", "revocation");
    assertThat(report().get(0).path("identities").toString()).isEqualTo("[\"one\",\"two\"]");
  }

  @Test
  @Tag("R75")
  void it_breaks_scope_as_well_where_they_may_do_different_things() {
    resource("files", Environment.TEST, "https://files.example", "files-token");
    grant("one", "files", "read");
    grant("two", "files", "write");

    assertThat(breaks("files-token")).containsExactly("attribution", "revocation", "scope");
  }

  @Test
  @Tag("R76")
  @Tag("R77")
  void a_secret_that_is_used_again_elsewhere_is_told_with_where() {
    resource("files", Environment.TEST, "https://files.example", "token");
    resource("mail", Environment.PRODUCTION, "https://mail.example", "token");
    grant("one", "files", "read");

    assertThat(breaks("token")).containsExactly("environments", "places");
    assertThat(report().get(0).path("resources").toString()).contains("files", "mail");
  }

  @Test
  @Tag("R79")
  void a_secret_that_nobody_replaces_is_long_lived() {
    resource("files", Environment.TEST, "https://files.example", "old");
    resource("mail", Environment.TEST, "https://mail.example", "new");
    storedAt = Map.of("old", NOW.minus(SharedSecrets.OLD).minusSeconds(1), "new", NOW);

    assertThat(report())
        .singleElement()
        .satisfies(item -> assertThat(item.path("secret").stringValue()).isEqualTo("old"));
    assertThat(breaks("old")).containsExactly("lifetime");
  }

  @Test
  void a_grant_that_has_expired_shares_nothing() {
    resource("files", Environment.TEST, "https://files.example", "files-token");
    grant("one", "files", "read");
    grant("two", "files", "read", NOW);

    assertThat(report()).isEmpty();
  }

  private void resource(String name, Environment environment, String url, String secret) {
    declared.add(
        new Resource(
            new ResourceName(name),
            environment,
            new Upstream.Http(
                URI.create(url), Map.of("Authorization", new Upstream.Setting.Secret(secret)))));
  }

  private void grant(String identity, String resource, String tool) {
    grant(identity, resource, tool, NOW.plus(Duration.ofDays(1)));
  }

  private void grant(String identity, String resource, String tool, Instant expiresAt) {
    declared.add(
        new Grant(
            new GrantName(identity + "-" + resource),
            new IdentityName(identity),
            new ResourceName(resource),
            new Grant.Tools.Named(Set.of(tool)),
            Set.of(),
            List.of(),
            Set.of(),
            Set.of(),
            Set.of(),
            10,
            new PersonName("anna"),
            expiresAt));
  }

  private List<String> breaks(String secret) {
    return report()
        .valueStream()
        .filter(item -> item.path("secret").stringValue().equals(secret))
        .flatMap(item -> item.path("breaks").valueStream())
        .map(JsonNode::stringValue)
        .toList();
  }

  private JsonNode report() {
    return SharedSecrets.of(new Registered(1, declared), storedAt, NOW).path("items");
  }
}
