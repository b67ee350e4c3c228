package dev.remit.server.registry;

import static dev.remit.server.registry.ManifestTexts.SECRET_NAME;
import static dev.remit.server.registry.ManifestTexts.SETTING;
import static dev.remit.server.registry.ManifestTexts.WORD;
import static dev.remit.server.registry.ManifestTexts.checked;
import static dev.remit.server.registry.shape.Field.fallback;
import static dev.remit.server.registry.shape.Field.optional;
import static dev.remit.server.registry.shape.Field.required;

import dev.remit.kernel.identity.Environment;
import dev.remit.server.registry.shape.Field;
import dev.remit.server.registry.shape.Shape;
import dev.remit.server.registry.shape.Shape.Choice;
import dev.remit.server.registry.shape.Shape.Count;
import dev.remit.server.registry.shape.Shape.Fields;
import dev.remit.server.registry.shape.Shape.ListOf;
import dev.remit.server.registry.shape.Shape.MapOf;
import dev.remit.server.registry.shape.Shape.OneWord;
import dev.remit.server.registry.shape.Shape.SetOf;
import dev.remit.server.registry.shape.Shape.Text;
import java.util.List;
import tools.jackson.databind.node.JsonNodeFactory;

/// What is behind tools and models, and how it is reached.
final class ResourceShape {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private static final Text DATABASE_NAME =
      checked(
          "a name in PostgreSQL",
          "^[^\\u0000-\\u001f\"]{1,63}$",
          63,
          text -> {
            if (!text.matches("[^\\x00-\\x1f\"]{1,63}") || text.startsWith("remit_t")) {
              throw new IllegalArgumentException(
                  "a name in PostgreSQL has no quotes or control characters, and those that begin"
                      + " with `remit_t` are for credentials");
            }
          });

  private static final Fields DATABASE =
      new Fields(
          required(
              "host",
              checked("a host", "^[A-Za-z0-9._:-]+$", 255, ResourceShape::host),
              "its host's name or address"),
          fallback("port", new Count(1, 65_535), JSON.numberNode(5_432), "its port"),
          required("database", DATABASE_NAME, "the database"),
          required(
              "administrator",
              new Fields(
                  required("user", DATABASE_NAME, "a role with CREATEROLE, and no more"),
                  required("secret", SECRET_NAME, "the secret in Remit's store: its password")),
              "by which Remit makes a role for each credential, and drops it"),
          fallback(
              "tls",
              Shape.word(Upstream.Tls.class),
              JSON.stringNode("verify-full"),
              "`disable` only for a database on the same machine"),
          required(
              "profiles",
              new MapOf(
                  WORD,
                  new Fields(
                      required(
                          "roles",
                          new SetOf(DATABASE_NAME, 1, 16),
                          "roles of the database that a credential is made a member of"),
                      fallback(
                          "connections",
                          new Count(1, 1_000),
                          JSON.numberNode(2),
                          "connections that one credential may hold at once")),
                  64),
              "what a credential can be good for, by name"));

  static final List<Field> SPEC =
      List.of(
          fallback(
              "type",
              new OneWord(List.of("mcp", "postgresql", "models")),
              JSON.stringNode("mcp"),
              "what it speaks"),
          required("environment", Shape.word(Environment.class), "where it lives"),
          required(
              "upstream",
              new Choice(
                  required(
                      "stdio",
                      new Fields(
                          required("command", Shape.text("text", 1, 4_096), "the program to start"),
                          fallback(
                              "args",
                              new ListOf(Shape.text("text", 0, 8_192), 0, 256),
                              JSON.arrayNode(),
                              "its arguments"),
                          fallback(
                              "env",
                              new MapOf(
                                  checked(
                                      "a variable's name",
                                      "^[A-Za-z_][A-Za-z0-9_]*$",
                                      128,
                                      ResourceShape::variable),
                                  SETTING,
                                  256),
                              JSON.objectNode(),
                              "its environment; it inherits nothing confidential"),
                          optional("cwd", Shape.text("text", 1, 4_096), "where it runs")),
                      "a child process on its standard streams"),
                  required(
                      "http", HttpShapes.of(SETTING, SECRET_NAME), "a Streamable HTTP endpoint"),
                  required("database", DATABASE, "a PostgreSQL, 15 or newer"),
                  required(
                      "models",
                      HttpShapes.models(SETTING, SECRET_NAME),
                      "a place where models answer")),
              "how it is reached"));

  private ResourceShape() {}

  private static void host(String text) {
    if (!text.matches("[A-Za-z0-9._:-]+")) {
      throw new IllegalArgumentException("`" + text + "` is not a host's name or address");
    }
  }

  private static void variable(String text) {
    if (!text.matches("[A-Za-z_][A-Za-z0-9_]*")) {
      throw new IllegalArgumentException("`" + text + "` cannot name an environment variable");
    }
  }
}
