package dev.remit.kernel.evidence;

import dev.remit.kernel.canonical.CanonicalJson;
import dev.remit.kernel.canonical.Digest;
import dev.remit.kernel.ledger.Checkpoint;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The part of a bundle that names all others.
///
/// @param logs what it was cut out of: one, or the root log and then those that it has seen
/// @param parts length and digest of each, by name
///
///   Errors: what is no manifest of this version is an [IllegalArgumentException].
record Manifest(Scope scope, List<Listed> logs, Map<String, Part> parts) {
  static final JsonMapper STRICT =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();
  static final String ROOT = "root";
  private static final int BYTES_MAX = 1024 * 1024;

  record Part(long bytes, Digest digest) {}

  /// One log.
  ///
  /// @param name of its node; empty where it is the only one
  /// @param entries how many of them are here
  record Listed(String name, String origin, long size, String root, long entries) {
    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9.-]{0,62}");

    private static Listed of(JsonNode json, String name) {
      return new Listed(
          name,
          json.path("origin").asString(""),
          json.path("size").asLong(-1),
          json.path("root").asString(""),
          json.path("entries").asLong(-1));
    }

    /// Where its parts are.
    String prefix() {
      return name.isEmpty() ? "" : BundleParts.LOGS + name + "/";
    }

    /// Whether `checkpoint` is the one that the bundle was made against.
    boolean names(Checkpoint checkpoint) {
      return checkpoint.origin().equals(origin)
          && checkpoint.size() == size
          && checkpoint.root().base64().equals(root);
    }
  }

  /// Whether it tells of the logs of a deployment, the root log first.
  boolean isOfSeveral() {
    return !logs.getFirst().name().isEmpty();
  }

  static Manifest read(BundleParts bundle) {
    try (var in =
        bundle
            .open(BundleParts.MANIFEST)
            .orElseThrow(() -> new IllegalArgumentException("it is missing"))) {
      var bytes = in.readNBytes(BYTES_MAX + 1);
      if (bytes.length > BYTES_MAX) {
        throw new IllegalArgumentException("it is larger than 1 MiB");
      }
      var json = STRICT.readTree(bytes);
      if (!Arrays.equals(
          bytes, (CanonicalJson.text(json) + "\n").getBytes(StandardCharsets.UTF_8))) {
        throw new IllegalArgumentException("it is not canonical JSON");
      }
      return of(json);
    } catch (JacksonException e) {
      throw new IllegalArgumentException("it is not JSON", e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Manifest of(JsonNode json) {
    int version = json.path("v").asInt(0);
    if (version != Bundle.VERSION && version != DeploymentBundle.VERSION) {
      throw new IllegalArgumentException(
          "it is not of version " + Bundle.VERSION + " or " + DeploymentBundle.VERSION);
    }
    var parts = new LinkedHashMap<String, Part>();
    for (var part : json.path("parts")) {
      parts.put(
          part.path("name").asString(""),
          new Part(part.path("bytes").asLong(-1), new Digest(part.path("digest").asString(""))));
    }
    var logs =
        version == Bundle.VERSION ? List.of(Listed.of(json, "")) : several(json.path("logs"));
    return new Manifest(Scope.of(json.path("scope")), logs, parts);
  }

  private static List<Listed> several(JsonNode listed) {
    var logs = new ArrayList<Listed>();
    var before = "";
    for (var one : listed) {
      var name = one.path("name").asString("");
      // The root log first, then by name: one order, and nobody twice.
      boolean right =
          logs.isEmpty()
              ? name.equals(ROOT)
              : Listed.NAME.matcher(name).matches()
                  && !name.equals(ROOT)
                  && before.compareTo(name) < 0;
      if (!right) {
        throw new IllegalArgumentException(
            "its logs are the root log and then those of nodes by name, each once");
      }
      before = logs.isEmpty() ? "" : name;
      logs.add(Listed.of(one, name));
    }
    if (logs.size() < 2) {
      throw new IllegalArgumentException("it names no log of a node");
    }
    return logs;
  }

  /// Compares every part with its line here.
  void check(BundleParts bundle, List<String> damages) {
    var there = new TreeSet<>(bundle.names());
    there.remove(BundleParts.MANIFEST);
    for (var listed : parts.entrySet()) {
      if (!there.remove(listed.getKey())) {
        damages.add("the part `" + listed.getKey() + "` is missing: the manifest names it");
      } else if (!matches(bundle, listed.getKey(), listed.getValue())) {
        damages.add("the part `" + listed.getKey() + "` is not the one that the manifest names");
      }
    }
    there.forEach(
        name -> damages.add("the part `" + name + "` was added: the manifest does not name it"));
  }

  private static boolean matches(BundleParts bundle, String name, Part part) {
    try (InputStream in = bundle.open(name).orElseThrow()) {
      var sha = MessageDigest.getInstance("SHA-256");
      var buffer = new byte[64 * 1024];
      long bytes = 0;
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        sha.update(buffer, 0, n);
        bytes += n;
        if (bytes > part.bytes()) {
          return false;
        }
      }
      return bytes == part.bytes() && Arrays.equals(sha.digest(), part.digest().bytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
