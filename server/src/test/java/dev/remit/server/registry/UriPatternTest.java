package dev.remit.server.registry;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("R96")
class UriPatternTest {

  @ParameterizedTest
  @CsvSource({
    "file:///a/*, file:///a/b, true",
    "file:///a/*, file:///a/b/c.txt, true",
    "file:///a/*, file:///ab, false",
    "file:///a/*, file:///a/../etc/passwd, false",
    "file:///a/*, file:///a/%2e%2e/etc/passwd, false",
    "file:///a/*, file:///a/%252e%252e/etc/passwd, false",
    "file:///a/*, file:///a/..%2fetc/passwd, false",
    "file:///a/*, file:///a/..%5cetc, false",
    "file:///a/*, file:///a/..data, true",
    "file:///a/*.csv, file:///a/b.csv, true",
    "file:///a/*.csv, file:///a/b.csv.exe, false",
    "a*b*a, aba, true",
    "a*b*a, ab, false",
    "a*a, a, false",
    "*, anything, true",
    "file:///a, file:///a, true",
    "file:///a, file:///a/, false"
  })
  void a_star_stands_for_any_characters_but_never_for_a_way_out(
      String pattern, String uri, boolean matches) {
    assertThat(new UriPattern(pattern).matches(uri)).isEqualTo(matches);
  }
}
