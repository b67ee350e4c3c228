package dev.remit.kernel.evidence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.remit.kernel.ledger.EntryType;
import dev.remit.kernel.ledger.NoteKey;
import dev.remit.kernel.ledger.TestLog;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The page `docs/verify.html`, a second implementation written from the formats alone, comes to
/// the verdicts of [BundleAudit], in its words.
@Tag("R203")
@Tag("R207")
class VerifyPageTest {
  private static final Path PAGE =
      Path.of("..", "docs", "verify.html").toAbsolutePath().normalize();
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final int ROUNDS = 8;

  @TempDir private static Path folder;

  private static Chromium chromium;

  private final long seed = System.nanoTime();
  private final Random random = new Random(seed);
  private final BundleWorld world = new BundleWorld(random);

  @BeforeAll
  static void open_the_page() {
    chromium =
        Chromium.open(PAGE, folder.resolve("profile"))
            .orElseGet(() -> abort("skipped: Chromium is not installed"));
  }

  @AfterAll
  static void close_it() {
    if (chromium != null) {
      chromium.close();
    }
  }

  @Test
  void a_good_bundle_holds_and_is_said_to_prove_the_same() {
    world.callWithBody("dec_body", "{\"path\":\"/ä€😀\"}");
    world.callWithBody("dec_gone", "gone");
    var gone = world.bodies.removeLast();
    world.redactions.add(new Redaction(gone.index(), gone.name(), Redaction.WITHHELD));
    world.log.add(BundleWorld.decided("dec_lost", "invoices"));
    world.log.restart(true);
    var report = world.audit(world.parts());

    var said = verdict(world.parts(), world.log.key().toString());

    assertThat(report.holds()).isTrue();
    assertThat(said.path("holds").booleanValue()).as(said.toString()).isTrue();
    assertThat(said.path("head").stringValue())
        .contains("workflow invoices, 2026-11-21T10:00:00Z to 2026-11-21T11:00:00Z")
        .contains("%,d entries".formatted(report.entries()), " % complete, 1 gaps");
    var proved = new ArrayList<>(report.proved());
    // What it does not make again it does not claim.
    proved.remove("`answer.md` says what the entries say");
    assertThat(words(said, "proved")).isEqualTo(proved);
    assertThat(words(said, "notProved")).containsAll(report.notProved());
  }

  @Test
  void every_tampering_gets_the_verdict_of_the_java_verifier() {
    world.callWithBody("dec_body", "{\"path\":\"/a\"}");
    var key = world.log.key().toString();
    int refused = 0;
    for (var tampering : BundleTampering.values()) {
      for (int round = 0; round < ROUNDS; round++) {
        var parts = tampering.of(world, random);

        var said = verdict(parts, key);

        assertThat(said.path("holds").booleanValue())
            .as("%s, seed %d", tampering, seed)
            .isEqualTo(world.audit(parts).holds())
            .isFalse();
        assertThat(words(said, "damages")).as("%s, seed %d", tampering, seed).isNotEmpty();
        refused++;
      }
    }
    System.out.printf("verify.html: %d tampered bundles refused, as by Java%n", refused);
  }

  @Test
  void a_bundle_over_several_logs_gets_the_verdict_and_the_words_of_the_java_verifier() {
    int refused = 0;
    for (var tampering : NodesTampering.values()) {
      for (int round = 0; round < ROUNDS; round++) {
        var nodes = new NodesWorld(random);
        var keys = nodes.keys().stream().map(NoteKey::toString).collect(Collectors.joining("\n"));
        var trusted = nodes.keys();
        var parts = tampering.of(nodes, random);

        var said = verdict(parts, keys);

        assertThat(said.path("holds").booleanValue()).as("%s, seed %d", tampering, seed).isFalse();
        if (tampering != NodesTampering.ONE_BIT) { // how a broken text is broken each says itself
          var damages = new ArrayList<>(words(said, "damages"));
          var expected = new ArrayList<>(BundleAudit.of(BundleParts.of(parts), trusted).damages());
          List.of(damages, expected)
              .forEach(one -> one.remove("`answer.md` is not what the entries say"));
          assertThat(damages).as("%s, seed %d", tampering, seed).isEqualTo(expected);
        }
        refused++;
      }
    }
    var good = new NodesWorld(random);
    good.log("node-a").add(good.decided("dec_lost"));
    good.log("node-a").restart(false);
    good.look();
    var report = good.audit(good.parts());

    var said =
        verdict(
            good.parts(),
            good.keys().stream().map(NoteKey::toString).collect(Collectors.joining("\n")));

    assertThat(words(said, "damages")).isEmpty();
    var proved = new ArrayList<>(report.proved());
    proved.remove("`answer.md` says what the entries say");
    assertThat(words(said, "proved")).isEqualTo(proved);
    System.out.printf("verify.html: %d bundles over several logs refused, as by Java%n", refused);
  }

  @Test
  void it_names_the_damage_in_the_words_of_the_java_verifier() {
    world.callWithBody("dec_body", "{\"path\":\"/a\"}");
    for (var tampering : BundleTampering.values()) {
      if (tampering != BundleTampering.ONE_BIT) { // how a broken text is broken each says itself
        var parts = tampering.of(world, random);
        var damages = new ArrayList<>(words(verdict(parts, world.log.key().toString()), "damages"));
        var expected = new ArrayList<>(world.audit(parts).damages());

        // Java makes all of answer.md again, the page its head: each says so of its own.
        List.of(damages, expected)
            .forEach(said -> said.remove("`answer.md` is not what the entries say"));
        assertThat(damages).as("%s, seed %d", tampering, seed).isEqualTo(expected);
      }
    }
  }

  @Test
  void without_a_key_the_bundles_own_is_believed_and_said_so_and_a_strangers_believes_nothing() {
    var own = verdict(world.parts(), "");
    var stranger = verdict(world.parts(), new TestLog().key().toString());

    assertThat(own.path("holds").booleanValue()).isTrue();
    assertThat(words(own, "notProved").getFirst()).contains("it came from the bundle itself");
    assertThat(stranger.path("holds").booleanValue()).isFalse();
    assertThat(words(stranger, "damages").getFirst()).contains("no known key has signed");
    assertThat(words(verdict(world.parts(), "a+b+c"), "damages").getFirst())
        .contains("is no Ed25519 key of the form name+id+base64");
  }

  @Test
  void a_zip_that_is_none_or_is_cut_or_holds_a_name_twice_is_refused() {
    var zip = zip(world.parts());

    assertThat(words(verdict("PK nothing".getBytes(StandardCharsets.UTF_8), ""), "damages"))
        .containsExactly("this is not a zip: pass what `remit evidence export` has written");
    for (int i = 0; i < 20; i++) {
      var cut = Arrays.copyOf(zip, random.nextInt(zip.length));
      var broken = zip.clone();
      broken[random.nextInt(zip.length)] ^= 0x20;
      assertThat(verdict(cut, "").path("holds").booleanValue()).as("seed %d", seed).isFalse();
      // A date in the zip's own directory is nobody's evidence; either way it ends in a verdict.
      assertThat(verdict(broken, "").path("holds").isBoolean()).as("seed %d", seed).isTrue();
    }
  }

  @Test
  void a_person_chooses_a_file_and_reads_the_verdict() throws IOException {
    var file = folder.resolve("bundle.zip");
    Files.write(file, zip(world.parts()));

    chromium.choose("file", file);

    var shown =
        chromium.evaluate(
            """
            (async () => {
              while (element('result').hidden) {
                await new Promise((done) => setTimeout(done, 10));
              }
              return element('result').innerText;
            })()
            """);
    assertThat(shown.stringValue())
        .contains("the bundle holds; read answer.md in it", "proved", "not proved");
  }

  @Test
  void it_knows_every_type_of_entry() {
    var known = chromium.evaluate("TYPES").valueStream().map(JsonNode::stringValue);

    assertThat(known)
        .as("say in docs/verify.html and docs/formats/evidence-bundle.md when a type belongs")
        .containsExactlyInAnyOrderElementsOf(
            Arrays.stream(EntryType.values()).map(EntryType::word).toList());
  }

  /// The page can run what is in it and nothing else, and reach nobody.
  @Test
  void its_policy_allows_its_own_script_and_style_only() throws IOException {
    var page = Files.readString(PAGE);
    var policy =
        "default-src 'none'; script-src '%s'; style-src '%s'; base-uri 'none'; form-action 'none'"
            .formatted(hash(page, "script"), hash(page, "style"));

    assertThat(page).contains("content=\"" + policy + "\"").doesNotContain("src=", "href=");
    var forbidden =
        chromium.evaluate(
            """
            new Promise((done) => {
              document.addEventListener(
                'securitypolicyviolation', (event) => done(event.effectiveDirective));
              fetch('http://127.0.0.1:9/').catch(() => {});
            })
            """);
    assertThat(forbidden.stringValue()).isEqualTo("connect-src");
  }

  private static String hash(String page, String element) {
    var text =
        page.substring(
            page.indexOf("<" + element + ">") + element.length() + 2,
            page.indexOf("</" + element + ">"));
    try {
      var sha = MessageDigest.getInstance("SHA-256");
      return "sha256-"
          + Base64.getEncoder().encodeToString(sha.digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  private static JsonNode verdict(Map<String, byte[]> parts, String keys) {
    return verdict(zip(parts), keys);
  }

  private static JsonNode verdict(byte[] zip, String keys) {
    return chromium.evaluate(
        "verify(unbase64(%s), %s)"
            .formatted(
                JSON.writeValueAsString(Base64.getEncoder().encodeToString(zip)),
                JSON.writeValueAsString(keys)));
  }

  private static List<String> words(JsonNode said, String what) {
    return said.path(what).valueStream().map(JsonNode::stringValue).toList();
  }

  private static byte[] zip(Map<String, byte[]> parts) {
    var out = new ByteArrayOutputStream();
    try (var zip = new ZipOutputStream(out)) {
      for (var part : new TreeMap<>(parts).entrySet()) {
        zip.putNextEntry(new ZipEntry(part.getKey()));
        zip.write(part.getValue());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }
}
