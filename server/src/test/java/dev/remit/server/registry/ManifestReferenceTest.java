package dev.remit.server.registry;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.remit.kernel.identity.Word;
import dev.remit.server.registry.shape.ShapeTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import tools.jackson.core.util.DefaultIndenter;
import tools.jackson.core.util.DefaultPrettyPrinter;
import tools.jackson.databind.json.JsonMapper;

/// Holds the published form of a manifest to the one that is read: schema, reference page and
/// examples. Run with `-Dremit.write=true` to write the two files anew.
class ManifestReferenceTest {
  private static final Path SCHEMA = Path.of("../docs/reference/manifest.schema.json");
  private static final Path PAGE = Path.of("../docs/reference/manifests.md");
  private static final JsonMapper JSON = JsonMapper.shared();

  @Test
  void the_published_schema_is_the_one_that_the_server_serves() throws IOException {
    holds(SCHEMA, pretty());
  }

  @Test
  void the_reference_page_says_what_is_read() throws IOException {
    holds(PAGE, page());
  }

  @Test
  void every_example_is_valid_against_the_schema() {
    var schema = schema();

    for (var manifest : ManifestReader.read(RegistryWorld.examples(), "remit.local").manifests()) {
      assertThat(schema.validate(document(manifest).toString(), InputFormat.JSON)).isEmpty();
    }
  }

  @Test
  void what_the_reader_refuses_for_its_shape_the_schema_refuses_too() {
    var schema = schema();
    var right =
        """
        {"apiVersion":"remit.dev/v1","kind":"Person","metadata":{"name":"anna"},
         "spec":{"displayName":"Anna","roles":["owner"]}}\
        """;

    assertThat(schema.validate(right, InputFormat.JSON)).isEmpty();
    for (var wrong :
        List.of(
            right.replace("\"owner\"", "\"aprover\""),
            right.replace("displayName", "displayname"),
            right.replace("remit.dev/v1", "remit.dev/v2"),
            right.replace("\"anna\"", "\"Anna\""),
            right.replace("\"kind\":\"Person\",", ""),
            right.replace("[\"owner\"]", "\"owner\""))) {
      assertThat(schema.validate(wrong, InputFormat.JSON)).as(wrong).isNotEmpty();
    }
  }

  @Test
  void every_example_applies_to_an_empty_remit() {
    try (var world = new RegistryWorld()) {
      var wish =
          new Wish(
              RegistryWorld.examples(), Wish.DEFAULT_SET, false, java.util.OptionalLong.empty());

      var applied = world.registry.apply(wish, RegistryWorld.ADMIN, RegistryWorld.NOW);

      assertThat(applied).isInstanceOf(Applied.Done.class);
      assertThat(((Applied.Done) applied).planned().flaws()).isEmpty();
    }
  }

  private static Schema schema() {
    return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
        .getSchema(ManifestSchema.schema().toString(), InputFormat.JSON);
  }

  private static tools.jackson.databind.JsonNode document(Manifest manifest) {
    var document = JSON.createObjectNode();
    document.put("apiVersion", ManifestShapes.API_VERSION);
    document.put("kind", manifest.ref().kind().title());
    document.putObject("metadata").put("name", manifest.ref().name());
    return document.set("spec", manifest.spec());
  }

  private static String pretty() {
    var indenter = new DefaultIndenter("  ", "\n");
    var printer =
        new DefaultPrettyPrinter().withObjectIndenter(indenter).withArrayIndenter(indenter);
    return JSON.writer().with(printer).writeValueAsString(ManifestSchema.schema()) + "\n";
  }

  private static String page() {
    var page = new StringBuilder(INTRODUCTION);
    for (var kind : Kind.values()) {
      page.append("\n## ").append(kind.title()).append("\n\n");
      page.append("May be changed by: ").append(roles(kind)).append(".\n\n");
      page.append(ShapeTable.of("spec", ManifestShapes.spec(kind)));
    }
    return page.append(RULES).toString();
  }

  private static String roles(Kind kind) {
    return AuthorityRules.MAY_CHANGE.getOrDefault(kind, Set.of()).stream()
        .map(Word::word)
        .sorted()
        .map(word -> "`" + word + "`")
        .collect(Collectors.joining(", "));
  }

  private static void holds(Path file, String expected) throws IOException {
    if (Boolean.getBoolean("remit.write")) {
      Files.createDirectories(file.getParent());
      Files.writeString(file, expected);
    }
    assertThat(Files.readString(file)).isEqualTo(expected);
  }

  private static final String INTRODUCTION =
      """
      # Manifests

      What a manifest may hold. Made from the code that reads manifests, and held to it by a test;
      the same as JSON Schema, for editors: [manifest.schema.json](manifest.schema.json), also
      served at `GET /v1/registry/schema`.

      Every document has `apiVersion: remit.dev/v1`, a `kind`, `metadata.name` and a `spec`; a file
      may hold several, separated by `---`. Reading is strict: unknown, missing and repeated keys
      are errors, and so are anchors, aliases and tags. A date means its first instant, in UTC. A
      name is 1 to 63 lower-case letters, digits and inner hyphens; a tool is called
      `resource/tool`.

      | Command | What it does | Exit code |
      |---|---|---|
      | `remit plan -f FILE…` | what would change; changes nothing | 0 nothing, 1 error, 2 changes |
      | `remit diff -f FILE…` | the same, value by value | 0 nothing, 1 error, 2 changes |
      | `remit apply -f FILE…` | all of it or nothing | 0 nothing to do, 1 error, 2 changes made |
      | `remit get KIND [NAME]` | lists, or shows one | 0 shown, 1 error |
      | `remit describe KIND NAME` | one, who names it, its history | 0 shown, 1 error |
      | `remit delete KIND NAME` | retires what nothing names | 1 error, 2 retired |

      `apply --exit-zero` ends with 0 also when changes were made. `--prune` retires what the same
      set of files (`--set`, default `default`) declared before and declares no longer; it never
      touches another set. `--planned VERSION` applies only if nothing changed since that plan.

      Anybody who is known may read; `owner`, `security` and `admin` may plan and apply, and
      each kind says below who may change it.
      """;

  private static final String RULES =
      """

      ## Rules

      An error stands in the way of the whole apply; a warning is shown each time. Rules about time
      and about who is still here are errors for what is new or changed, and warnings for the rest.

      | Rule | What must hold |
      |---|---|
      | `form` | the document has the form above |
      | `link` | whatever is named exists; nothing is retired while something names it |
      | `access` | the author's roles may change the kind |
      | `admin` | one active person at least holds the role `admin` |
      | `policy` | the policies hold against everything that would be declared |
      | `R1` | no two identities, retired ones included, share a SPIFFE ID, a key, or an issuer's subject |
      | `R2` | no identity is recognised by what is a person's: name, address, subject, user account |
      | `R3` | no pilot authenticates as a shared service account; elsewhere a warning |
      | `R4` | a claim that says which human is behind a token is a warning |
      | `R5` | no key is one that a specification publishes with its private half |
      | `R8` | a workflow's owner is active and holds the role; so does a grant's approver |
      | `R10` | an identity keeps its workflow and its SPIFFE ID for good |
      | `R56` | a secret that is a person's own is a warning |
      | `R57` | a pilot, and only a pilot, ends: in the future, within 180 days (configurable) |
      | `R61` | a grant grants something; every tool at once is a warning for a pilot |
      | `R63` | no private key and no credential is written down; a grant ends within 366 days (configurable) |
      | `R85` | a secret that is named and not stored yet is a warning |
      | `R88` | a grant's data classes are the workflow's, and its tools' data classes are the grant's |
      | `R94` | an identity that only answers is granted no tool that does more than read |
      """;
}
