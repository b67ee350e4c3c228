package dev.remit.server.credentials;

import java.nio.file.Path;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Where the value of a secret is. What is not kept here is fetched from there at each use, so that
/// whoever keeps it may change it; it is people who may store secrets that say where, never
/// manifests.
public sealed interface Kept {

  /// The word in the table and in the API.
  String word();

  /// In Remit's own store, encrypted.
  record Here(SecretValue value) implements Kept {
    @Override
    public String word() {
      return "here";
    }
  }

  /// In a variable of this process.
  ///
  /// @param variable begins with `REMIT_SECRET_`, so that nothing else of ours can be asked for
  record Environment(String variable) implements Kept {
    private static final Pattern FORM = Pattern.compile("REMIT_SECRET_[A-Z0-9_]{1,100}");

    public Environment {
      if (!FORM.matcher(variable).matches()) {
        throw new IllegalArgumentException(
            "a variable for a secret is called REMIT_SECRET_ and capital letters, digits and"
                + " underscores");
      }
    }

    @Override
    public String word() {
      return "environment";
    }
  }

  /// In a file on this machine, without the line break at its end.
  ///
  /// @param path absolute
  record File(Path path) implements Kept {
    public File {
      if (!path.isAbsolute() || !path.equals(path.normalize())) {
        throw new IllegalArgumentException("a file for a secret is an absolute path without `..`");
      }
    }

    @Override
    public String word() {
      return "file";
    }
  }

  /// In a Vault-compatible server, secrets engine KV, version 2.
  record VaultKv(String mount, String path, String field) implements Kept {
    public VaultKv {
      Vaulted.check(mount);
      Vaulted.check(path);
      Vaulted.checkField(field);
    }

    @Override
    public String word() {
      return "vault";
    }
  }

  /// Made by a Vault-compatible server when it is asked for, and gone with its lease. Secrets with
  /// the same path come from the same lease: a user and their password fit each other.
  ///
  /// @param path of the engine and role, such as `database/creds/reader`
  record VaultDynamic(String path, String field) implements Kept {
    public VaultDynamic {
      Vaulted.check(path);
      Vaulted.checkField(field);
    }

    @Override
    public String word() {
      return "vault-dynamic";
    }
  }

  /// The reference as JSON, as people write it; of what is kept here, nothing.
  default ObjectNode json() {
    var json = JsonMapper.shared().createObjectNode();
    return switch (this) {
      case Here _ -> json;
      case Environment(var variable) -> json.put("environment", variable);
      case File(var path) -> json.put("file", path.toString());
      case VaultKv(var mount, var path, var field) -> {
        json.putObject("vault").put("mount", mount).put("path", path).put("field", field);
        yield json;
      }
      case VaultDynamic(var path, var field) -> {
        json.putObject("vaultDynamic").put("path", path).put("field", field);
        yield json;
      }
    };
  }

  /// Reads what people write: exactly one of `value`, `environment`, `file`, `vault`,
  /// `vaultDynamic`.
  ///
  /// @throws IllegalArgumentException saying what is wrong, without the value
  static Kept read(JsonNode json) {
    if (json.propertyNames().size() == 1) {
      var only = json.properties().iterator().next();
      switch (only.getKey()) {
        case "value" -> {
          return new Here(new SecretValue(Vaulted.text(json, "value")));
        }
        case "environment" -> {
          return new Environment(Vaulted.text(json, "environment"));
        }
        case "file" -> {
          return new File(Path.of(Vaulted.text(json, "file")));
        }
        case "vault" -> {
          var at = Vaulted.only(only.getValue(), "mount", "path", "field");
          return new VaultKv(
              Vaulted.text(at, "mount"), Vaulted.text(at, "path"), Vaulted.text(at, "field"));
        }
        case "vaultDynamic" -> {
          var at = Vaulted.only(only.getValue(), "path", "field");
          return new VaultDynamic(Vaulted.text(at, "path"), Vaulted.text(at, "field"));
        }
        default -> {}
      }
    }
    throw new IllegalArgumentException(
        "a secret is one of `value`, `environment`, `file`, `vault` {mount, path, field} and"
            + " `vaultDynamic` {path, field}");
  }
}
