package dev.remit.server.credentials;

import java.util.regex.Pattern;

/// The name of one stored secret, as manifests refer to it: `{secret: name}`.
///
/// @param value 1 to 128 letters, digits, `.`, `_` and `-`, starting with a letter or digit
public record SecretName(String value) implements Comparable<SecretName> {
  private static final Pattern FORM = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,127}");

  public SecretName {
    if (!FORM.matcher(value).matches()) {
      throw new IllegalArgumentException(
          "a secret's name is 1 to 128 letters, digits, dots, underscores and hyphens, and starts"
              + " with a letter or digit");
    }
  }

  @Override
  public int compareTo(SecretName other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
