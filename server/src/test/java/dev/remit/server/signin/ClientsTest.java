package dev.remit.server.signin;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// A client's metadata is fetched from wherever a stranger's link says, so carefully.
@Tag("R65")
class ClientsTest {
  private static final String REDIRECT = "https://desk.example/back";
  private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");

  private final ClientSite site = new ClientSite();
  private final Clients clients = new Clients(true, site.tls());

  @AfterEach
  void close() {
    site.close();
  }

  @Test
  void a_client_is_who_its_own_address_says() {
    var id = site.client("/a.json", "Desk", REDIRECT);

    assertThat(clients.of(id.toString(), NOW))
        .isInstanceOfSatisfying(
            Clients.Found.Known.class,
            found -> {
              assertThat(found.client().id()).isEqualTo(id);
              assertThat(found.client().name()).contains("Desk");
              assertThat(found.client().redirects()).containsExactly(REDIRECT);
            });
  }

  @Test
  void what_was_found_is_used_for_five_minutes_and_what_was_not_is_asked_again() {
    var id = site.client("/a.json", "Desk", REDIRECT);
    clients.of(id.toString(), NOW);
    clients.of(id.toString(), NOW.plus(Duration.ofMinutes(4)));
    assertThat(site.fetches()).isEqualTo(1);

    clients.of(id.toString(), NOW.plus(Duration.ofMinutes(5)));
    assertThat(site.fetches()).isEqualTo(2);

    clients.of(site.uri("/none.json").toString(), NOW);
    clients.of(site.uri("/none.json").toString(), NOW);
    assertThat(site.fetches()).isEqualTo(4);
  }

  @Test
  void nothing_within_this_network_is_asked_unless_it_is_allowed() {
    var id = site.client("/a.json", "Desk", REDIRECT);
    var careful = new Clients(false, site.tls());

    for (var host : new String[] {"127.0.0.1", "localhost", "[::1]", "0.0.0.0", "2130706433"}) {
      var there = id.toString().replace("127.0.0.1", host);
      assertThat(careful.of(there, NOW)).as(host).isInstanceOf(Clients.Found.Refused.class);
    }
    assertThat(((Clients.Found.Refused) careful.of(id.toString(), NOW)).why())
        .contains("signIn.privateClients");
    assertThat(site.fetches()).isZero();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "desk",
        "http://desk.example/client.json",
        "https://desk.example",
        "https://desk.example/",
        "https://desk.example/client.json#x",
        "https://user@desk.example/client.json",
        "https://desk.example/a/../client.json",
        "https://desk.example/a/%2e%2e/client.json",
        "https://desk.example/./client.json",
        "ftp://desk.example/client.json",
        "https:///client.json",
        "https://desk .example/client.json"
      })
  void what_is_no_address_of_metadata_is_no_client(String id) {
    assertThat(clients.of(id, NOW)).isInstanceOf(Clients.Found.Refused.class);
    assertThat(site.fetches()).isZero();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "302; {}; status 302",
        "404; {}; status 404",
        "200; []; not a JSON object",
        "200; {; not JSON",
        "200; {\"client_id\":\"ID\",\"client_id\":\"ID\"}; not JSON",
        "200; {}; another `client_id`",
        "200; {\"client_id\":\"https://other.example/c\"}; another `client_id`",
        "200; {\"client_id\":\"ID\"}; redirect_uris",
        "200; {\"client_id\":\"ID\",\"redirect_uris\":[]}; redirect_uris",
        "200; {\"client_id\":\"ID\",\"redirect_uris\":[\"javascript:alert(1)\"]}; redirect_uris",
        "200; {\"client_id\":\"ID\",\"redirect_uris\":[\"data:text/html,x\"]}; redirect_uris",
        "200; {\"client_id\":\"ID\",\"redirect_uris\":[\"http://a.example/\"]}; redirect_uris",
        "200; {\"client_id\":\"ID\",\"redirect_uris\":[\"https://a.example/#x\"]}; redirect_uris",
        "200; {\"client_id\":\"ID\",\"redirect_uris\":[\"relative\"]}; redirect_uris",
        "200; {\"client_id\":\"ID\",\"redirect_uris\":[\"https://a.example/\"],"
            + "\"client_secret\":\"s\"}; authenticate",
        "200; {\"client_id\":\"ID\",\"redirect_uris\":[\"https://a.example/\"],"
            + "\"token_endpoint_auth_method\":\"client_secret_basic\"}; authenticate",
        "200; {\"client_id\":\"ID\",\"redirect_uris\":[\"https://a.example/\"],"
            + "\"response_types\":[\"token\"]}; response type",
      })
  void what_is_no_metadata_is_refused_with_its_reason(int status, String body, String why) {
    var id = site.uri("/c.json").toString();
    site.answers("/c.json", status, body.replace("ID", id));

    assertThat(((Clients.Found.Refused) clients.of(id, NOW)).why()).contains(why);
  }

  @Test
  void metadata_without_end_is_not_waited_for() {
    var id = site.trickles("/slow.json").toString();

    assertThat(clients.of(id, NOW)).isInstanceOf(Clients.Found.Refused.class);
  }

  @Test
  void metadata_without_measure_is_not_read() {
    var id = site.answers("/large.json", 200, "x".repeat(20_000)).toString();

    assertThat(((Clients.Found.Refused) clients.of(id, NOW)).why()).contains("16384 bytes");
  }

  @Test
  void a_program_may_have_a_scheme_of_its_own() {
    var id = site.client("/a.json", "Cursor", "cursor://anysphere.cursor-retrieval/oauth/callback");

    var found = (Clients.Found.Known) clients.of(id.toString(), NOW);

    assertThat(found.client().mayBeAnsweredAt("cursor://anysphere.cursor-retrieval/oauth/callback"))
        .isTrue();
    assertThat(found.client().mayBeAnsweredAt("cursor://elsewhere/oauth/callback")).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "93.184.216.34, true",
    "10.0.0.1, false",
    "172.16.0.1, false",
    "172.31.255.255, false",
    "192.168.1.1, false",
    "169.254.169.254, false",
    "127.1.2.3, false",
    "100.64.0.1, false",
    "0.1.2.3, false",
    "192.0.0.8, false",
    "198.18.0.1, false",
    "203.0.113.1, false",
    "224.0.0.1, false",
    "255.255.255.255, false",
    "2606:2800:220:1:248:1893:25c8:1946, true",
    "::1, false",
    "::, false",
    "fe80::1, false",
    "fc00::1, false",
    "fd12:3456::1, false",
    "ff02::1, false",
    "2001:db8::1, false",
    "::ffff:10.0.0.1, false",
    "64:ff9b::a00:1, false",
    "64:ff9b::5db8:d822, true",
    "2002:a00:1::1, false",
    "2001::1, false"
  })
  void addresses_of_the_internet_are_told_from_others(String address, boolean isPublic)
      throws UnknownHostException {
    assertThat(PublicAddress.is(InetAddress.getByName(address))).isEqualTo(isPublic);
  }

  @Test
  void an_id_is_compared_to_the_letter() {
    var id = site.client("/a.json", "Desk", REDIRECT);

    assertThat(clients.of(URI.create(id + "?x=1").toString(), NOW))
        .isInstanceOf(Clients.Found.Refused.class);
  }
}
