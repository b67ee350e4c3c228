package dev.remit.server.credentials;

import java.util.Set;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/// What may stand in a reference, so that it leads nowhere but to a secret.
final class Vaulted {
  private static final Pattern PATH =
      Pattern.compile(
          "[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}(/[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}){0,15}");
  private static final Pattern FIELD = Pattern.compile("[A-Za-z0-9_.-]{1,128}");

  private Vaulted() {}

  static void check(String path) {
    if (!PATH.matcher(path).matches() || path.startsWith("sys/") || path.startsWith("auth/")) {
      throw new IllegalArgumentException(
          "a path in a vault is words of letters, digits, `_`, `.` and `-` between slashes, and"
              + " not below `sys` or `auth`");
    }
  }

  static void checkField(String field) {
    if (!FIELD.matcher(field).matches()) {
      throw new IllegalArgumentException("a field in a vault is letters, digits, `_`, `.` and `-`");
    }
  }

  static String text(JsonNode json, String member) {
    if (!json.path(member).isString()) {
      throw new IllegalArgumentException("`" + member + "` has to be text");
    }
    return json.path(member).stringValue();
  }

  static JsonNode only(JsonNode json, String... members) {
    if (!json.isObject() || !Set.copyOf(json.propertyNames()).equals(Set.of(members))) {
      throw new IllegalArgumentException("it needs " + String.join(", ", members) + ", no more");
    }
    return json;
  }
}
