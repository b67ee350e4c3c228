package dev.remit.server.inspection;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.kernel.identity.SecretKind;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// What is found, what is not, and how often something is found where nothing is.
@Tag("R98")
class ScannerTest {
  private static final String KEPT = "correct horse, battery \"staple\" ü";
  private static final Scanner SCANNER =
      new Scanner(
          new KnownValues(
              List.of(KnownValues.of(SecretKind.STORED, "erp-key", KEPT.getBytes(UTF_8)))));

  private final long seed = System.nanoTime();
  private final Random random = new Random(seed);

  private static Exposed scan(String text) {
    return SCANNER.scan(text.getBytes(UTF_8));
  }

  private static List<String> found(String text) {
    return scan(text).found().stream().map(Exposure::what).toList();
  }

  @Test
  void every_format_is_found_wherever_a_word_may_begin_and_nowhere_else_in_it() {
    Samples.all()
        .forEach((what, make) -> {
          for (int i = 0; i < 200; i++) {
            var secret = make.apply(random);

            assertThat(found("take " + secret + ", please")).as(what).containsExactly(what);
            assertThat(found("key=" + secret)).as(what).containsExactly(what);
            var one = scan("{\"k\":\"" + secret + "\"}").found().getFirst();
            assertThat(one.start()).as(what).isEqualTo(6);
            assertThat(one.end()).as(what).isEqualTo(6 + secret.length());
          }
        });
  }

  @Test
  void one_wrong_character_in_what_has_a_checksum_is_no_finding() {
    for (var what : List.of("canary", "github-token", "npm-token")) {
      for (int i = 0; i < 200; i++) {
        var good = Objects.requireNonNull(Samples.all().get(what)).apply(random);
        int at = good.indexOf('_') + 1 + random.nextInt(good.length() - good.indexOf('_') - 1);
        char other = good.charAt(at) == '7' ? '8' : '7';
        var bad = good.substring(0, at) + other + good.substring(at + 1);

        assertThat(found(bad)).as("seed %s", seed).isEmpty();
      }
    }
  }

  @Test
  void passwords_in_addresses_and_headers_are_found_and_placeholders_are_not() {
    assertThat(found("jdbc: postgresql://app:s3cr3t-Word@db.internal:5432/x"))
        .containsExactly("password-in-url");
    assertThat(found("Authorization: Bearer a8Zk20LmQpX77tTr91_vBnQ4")).containsExactly("bearer");
    assertThat(found("Authorization: Basic " + Samples.base64("anna:correct horse")))
        .containsExactly("basic");

    assertThat(found("postgresql://user:password@host/db")).isEmpty();
    assertThat(found("https://example.org:8443/a@b")).isEmpty();
    assertThat(found("git@github.com:owner/name.git")).isEmpty();
    assertThat(found("the bearer of bad news, and Bearer authentication in general")).isEmpty();
    assertThat(found("Basic understanding of a subject")).isEmpty();
    assertThat(found("AKIAIOSFODNN7EXAMPLE")).isEmpty();
    assertThat(found("-----BEGIN PRIVATE KEY----- goes before the key")).isEmpty();
  }

  @Test
  void what_is_kept_is_found_anywhere_and_nothing_like_it() {
    assertThat(found("xx" + KEPT + "yy")).containsExactly("erp-key");
    assertThat(found(KEPT.replace("staple", "stable"))).isEmpty();
    assertThat(found(KEPT.substring(0, KEPT.length() - 1))).isEmpty();
    // One that only begins hides none that is whole.
    var key = "another kept value";
    var both =
        new Scanner(
            new KnownValues(
                List.of(
                    KnownValues.of(
                        SecretKind.STORED, "long", (KEPT + "x".repeat(99)).getBytes(UTF_8)),
                    KnownValues.of(SecretKind.STORED, "short", key.getBytes(UTF_8)))));
    assertThat(both.scan((KEPT + " " + key).getBytes(UTF_8)).found())
        .extracting(Exposure::what)
        .containsExactly("short");
  }

  @Test
  void what_is_encoded_once_is_found_wherever_its_run_begins() {
    var key = Objects.requireNonNull(Samples.all().get("github-token")).apply(random);
    for (var secret : List.of(key, KEPT)) {
      var what = secret.equals(KEPT) ? "erp-key" : "github-token";
      assertThat(found("see " + Samples.base64("a " + secret + " b"))).containsExactly(what);
      assertThat(found(Samples.hex(secret))).containsExactly(what);
      assertThat(found("a?b=" + Samples.percent(secret) + "&c=d")).containsExactly(what);
      for (var before : List.of("/", "ab/", "abc/", "abcd/")) {
        assertThat(found(before + Samples.base64("- " + secret))).containsExactly(what);
      }
      assertThat(found(Base64.getUrlEncoder().encodeToString((" " + secret).getBytes(UTF_8))))
          .containsExactly(what);
      assertThat(scan(Samples.base64(" " + secret)).found().getFirst().isEncoded()).isTrue();
    }
  }

  @Test
  void escapes_of_json_hide_nothing_not_even_twice() {
    var inner = "{\"note\":\"" + KEPT.replace("\"", "\\\"").replace("ü", "\\u00fc") + "\"}";
    var outer = "{\"text\":\"" + inner.replace("\\", "\\\\").replace("\"", "\\\"") + "\"}";

    byte[] once = JsonText.unescaped(inner.getBytes(UTF_8));
    byte[] twice = JsonText.unescaped(JsonText.unescaped(outer.getBytes(UTF_8)));

    assertThat(SCANNER.scan(once).kinds()).containsExactly("stored");
    assertThat(SCANNER.scan(twice).kinds()).containsExactly("stored");
    assertThat(new String(JsonText.unescaped("\\ud83d\\ude00\\n".getBytes(UTF_8)), UTF_8))
        .isEqualTo("😀\n");
  }

  /// Whatever is found in whole is found in pieces, of any length, and nothing of it passes.
  @Test
  void a_secret_that_straddles_pieces_is_found_and_cut_as_if_it_were_one() {
    var makers = new ArrayList<>(Samples.all().entrySet());
    for (int i = 0; i < 2_000; i++) {
      var maker = makers.get(random.nextInt(makers.size()));
      var secret = i % 5 == 0 ? KEPT : maker.getValue().apply(random);
      var text = "Here it is, as you asked for it: " + secret + "\nand thank you for all the fish.";
      var watch = new Watch(SCANNER, Set.of(SecretKind.values()));
      var out = new StringBuilder();

      for (int at = 0; at < text.length(); ) {
        int end = Math.min(text.length(), at + 1 + random.nextInt(40));
        out.append(watch.next(text.substring(at, end)));
        at = end;
      }
      out.append(watch.end());

      assertThat(out.toString())
          .as("%s, seed %s", maker.getKey(), seed)
          .isEqualTo(
              "Here it is, as you asked for it: [redacted]\nand thank you for all the fish.");
      assertThat(watch.exposed().count()).isEqualTo(1);
      assertThat(watch.cuts()).isEqualTo(1);
    }
  }

  @Test
  void a_text_without_secrets_passes_with_at_most_a_word_held_back() {
    var watch = new Watch(SCANNER, Set.of(SecretKind.values()));
    var out = new StringBuilder();
    var text = "The invoices of October are all paid, and nobody is waiting for anything.";
    for (int i = 0; i < text.length(); i++) {
      out.append(watch.next(text.substring(i, i + 1)));
      assertThat(i + 1 - out.length()).isLessThanOrEqualTo(KnownValues.WINDOW + 10);
    }
    assertThat(out.append(watch.end()).toString()).isEqualTo(text);
  }

  /// The stated rate: at most one false finding in 20 MB of what agents and tools exchange.
  @Test
  void nothing_is_found_in_what_is_random_and_no_secret() {
    int bytes = 0;
    var wrong = new ArrayList<String>();
    while (bytes < 20_000_000) {
      var line = line();
      bytes += line.length();
      var found = scan(line);
      if (!found.isNone()) {
        wrong.add(found.kinds() + " in " + line);
      }
    }
    assertThat(wrong).as("seed %s", seed).hasSizeLessThanOrEqualTo(1);
  }

  private String line() {
    var blob = new byte[24 + random.nextInt(400)];
    random.nextBytes(blob);
    return switch (random.nextInt(9)) {
      case 0 -> "id " + new UUID(random.nextLong(), random.nextLong());
      case 1 -> "sha256:" + java.util.HexFormat.of().formatHex(blob, 0, 24);
      case 2 -> "data:image/png;base64," + Base64.getEncoder().encodeToString(blob);
      case 3 -> Samples.of(random, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", 20 + random.nextInt(40));
      case 4 -> "https://host.example/p/" + Base64.getUrlEncoder().encodeToString(blob) + "?a=%20b";
      case 5 -> "{\"amount\":" + random.nextInt() + ",\"iban\":\"DE" + random.nextLong() + "\"}";
      case 6 -> "task_" + Samples.of(random, "0123456789abcdefghjkmnpqrstvwxyz", 26);
      case 7 -> "sk-" + Samples.of(random, "abcdefghijklmnopqrstuvwxyz-", 40);
      default -> prose();
    };
  }

  private String prose() {
    var out = new StringBuilder();
    for (int i = 0; i < 60; i++) {
      out.append(Samples.of(random, "eeettaaoinshrdlucmfwypvbgkqjxz", 1 + random.nextInt(12)));
      out.append(random.nextInt(9) == 0 ? ": " : " ");
    }
    return out.toString();
  }

  /// Text that is made to be slow is not slow: well below a microsecond for each byte.
  @Test
  void no_text_makes_it_slow() {
    for (var piece :
        List.of(
            "eyJ-",
            "eyJ.",
            "sk-",
            "sk-ant-",
            "xoxb-",
            "a://b:c@",
            "-----BEGIN ",
            "Bearer ",
            "%41",
            "AKIA",
            "glpat-.",
            "SG.",
            "rcny_",
            "aws_secret_access_key=",
            "\\\\u0041")) {
      var text = piece.repeat(1_000_000 / piece.length()).getBytes(UTF_8);
      SCANNER.scan(text);
      long start = System.nanoTime();
      SCANNER.scan(text);
      long took = System.nanoTime() - start;

      assertThat(took)
          .as("%s: %d ns for each byte", piece, took / text.length)
          .isLessThan(500_000_000L);
    }
  }
}
