package dev.remit.conformance.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.conformance.harness.Home;
import dev.remit.conformance.harness.NamedTest;
import java.io.IOException;
import java.nio.file.Files;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// The page that says which test covers which bad input.
class BadInputPageTest {
  private static final Pattern NAMED = Pattern.compile("`(\\w+Test\\.\\w+)`");

  @Test
  void every_test_that_it_names_exists() throws IOException {
    var page = Files.readString(Home.directory().resolve("docs/bad-input.md"));
    var named = NAMED.matcher(page).results().map(found -> found.group(1)).distinct().toList();

    assertThat(named).hasSizeGreaterThan(20).allMatch(NamedTest::exists);
  }
}
