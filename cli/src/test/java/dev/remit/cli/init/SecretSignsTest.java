package dev.remit.cli.init;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SecretSignsTest {

  @ParameterizedTest
  @CsvSource({
    "GITHUB_TOKEN, short",
    "API_KEY, abcdefgh",
    "OPENAI_APIKEY, x1y2z3w4",
    "clientSecret, whatever",
    "DB_PASSWORD, letmein",
    "Authorization, Bearer abc",
    "X-Api-Key, abc",
    "ANYTHING, ghp_0123456789abcdefghijklmnopqrstuvwx",
    "DATABASE, postgres://user:hunter2@db.example/app",
    "ID, 3q2-7w8x9Zc1Vb5Nm6Lk4Jh0Gf",
  })
  void these_are_secrets(String name, String value) {
    assertThat(SecretSigns.isSecret(name, value)).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "MAX_TOKENS, 4096",
    "MONKEY, banana",
    "KEYBOARD, qwerty",
    "AUTHOR, anna",
    "PATH, /usr/local/bin:/usr/bin",
    "ROOT, /home/anna/projects/invoices-2026/reports",
    "URL, https://example.org/mcp?version=2",
    "LOG_LEVEL, debug",
    "TOKEN_CACHE_ENABLED, true",
  })
  void these_are_not(String name, String value) {
    assertThat(SecretSigns.isSecret(name, value)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"https://h/mcp?api_key=abcdef", "https://h/mcp?a=1&token=zzzzzzz"})
  void a_secret_in_a_query_is_seen(String url) {
    assertThat(SecretSigns.hasSecretQuery(url)).isTrue();
  }
}
