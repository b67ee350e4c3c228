package dev.remit.kernel.evidence;

import static dev.remit.kernel.evidence.BundleWorld.text;
import static dev.remit.kernel.evidence.BundleWorld.utf8;

import dev.remit.kernel.canonical.CanonicalJson;
import dev.remit.kernel.canonical.Digest;
import dev.remit.kernel.ledger.Hash;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// What somebody could do to a bundle. Each makes the parts of the world's bundle, changed in a way
/// that no verifier may overlook.
enum BundleTampering {
  /// One bit of one part.
  ONE_BIT {
    @Override
    void tamper(BundleWorld world, Map<String, byte[]> parts, Random random) {
      var names = parts.entrySet().stream().filter(one -> one.getValue().length > 0).toList();
      var changed = names.get(random.nextInt(names.size()));
      var bytes = changed.getValue().clone();
      bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(7));
      parts.put(changed.getKey(), bytes);
    }
  },
  MISSING_PART {
    @Override
    void tamper(BundleWorld world, Map<String, byte[]> parts, Random random) {
      var names = new ArrayList<>(parts.keySet());
      parts.remove(names.get(random.nextInt(names.size())));
    }
  },
  ADDED_PART {
    @Override
    void tamper(BundleWorld world, Map<String, byte[]> parts, Random random) {
      parts.put("more.txt", new byte[random.nextInt(3)]);
    }
  },
  /// Whoever can write the manifest can make the parts agree with it.
  FORGED_ENTRY {
    @Override
    void tamper(BundleWorld world, Map<String, byte[]> parts, Random random) {
      var entries = text(parts, BundleParts.ENTRIES);
      var forged = entries.replaceFirst("\"decision\":\"allow\"", "\"decision\":\"deny\"");
      rewrite(parts, BundleParts.ENTRIES, random.nextBoolean() ? rehashed(forged) : forged);
    }
  },
  ENTRY_LEFT_OUT {
    @Override
    void tamper(BundleWorld world, Map<String, byte[]> parts, Random random) {
      var lines = new ArrayList<>(text(parts, BundleParts.ENTRIES).lines().toList());
      lines.remove(random.nextInt(lines.size()));
      rewrite(parts, BundleParts.ENTRIES, String.join("\n", lines) + "\n");
    }
  },
  ENTRIES_SWAPPED {
    @Override
    void tamper(BundleWorld world, Map<String, byte[]> parts, Random random) {
      var lines = new ArrayList<>(text(parts, BundleParts.ENTRIES).lines().toList());
      int at = random.nextInt(lines.size() - 1);
      Collections.swap(lines, at, at + 1);
      rewrite(parts, BundleParts.ENTRIES, String.join("\n", lines) + "\n");
    }
  },
  OTHER_PROOF {
    @Override
    void tamper(BundleWorld world, Map<String, byte[]> parts, Random random) {
      var longer = text(parts, BundleParts.PROOF) + Hash.EMPTY.base64() + "\n";
      rewrite(parts, BundleParts.PROOF, longer);
    }
  },
  OTHER_DECLARATION {
    @Override
    void tamper(BundleWorld world, Map<String, byte[]> parts, Random random) {
      var otto = text(parts, BundleParts.DECLARED).replace("\"anna\"", "\"otto\"");
      rewrite(parts, BundleParts.DECLARED, otto);
    }
  },
  OTHER_BODY {
    @Override
    void tamper(BundleWorld world, Map<String, byte[]> parts, Random random) {
      var line = text(parts, BundleParts.BODIES).lines().findFirst().orElseThrow();
      var other = ((ObjectNode) JSON.readTree(line)).put("value", "e30=");
      rewrite(parts, BundleParts.BODIES, CanonicalJson.text(other) + "\n");
    }
  },
  BODY_KEPT_QUIET {
    @Override
    void tamper(BundleWorld world, Map<String, byte[]> parts, Random random) {
      rewrite(parts, BundleParts.BODIES, "");
    }
  },
  BETTER_FIGURES {
    @Override
    void tamper(BundleWorld world, Map<String, byte[]> parts, Random random) {
      var figures = text(parts, BundleParts.COMPLETENESS);
      rewrite(
          parts, BundleParts.COMPLETENESS, figures.replaceFirst("\"begun\":\\d+", "\"begun\":1"));
    }
  },
  OTHER_SUBJECT {
    @Override
    void tamper(BundleWorld world, Map<String, byte[]> parts, Random random) {
      var scope = world.scope;
      claim(parts, new Scope(scope.kind(), "payroll", scope.from(), scope.to(), new TreeSet<>()));
    }
  },
  OTHER_PERIOD {
    @Override
    void tamper(BundleWorld world, Map<String, byte[]> parts, Random random) {
      var scope = world.scope;
      var to = scope.to().plusSeconds(1 + random.nextInt(100_000));
      claim(parts, new Scope(scope.kind(), scope.subject(), scope.from(), to, scope.related()));
    }
  };

  private static final JsonMapper JSON = JsonMapper.shared();

  abstract void tamper(BundleWorld world, Map<String, byte[]> parts, Random random);

  /// Returns the parts of the bundle of `world`, tampered with.
  Map<String, byte[]> of(BundleWorld world, Random random) {
    var parts = new TreeMap<>(world.parts());
    tamper(world, parts, random);
    return parts;
  }

  /// Gives each line the hash of the entry that it now holds.
  private static String rehashed(String entries) {
    var out = new StringBuilder();
    for (var line : entries.lines().toList()) {
      var json = (ObjectNode) JSON.readTree(line);
      var bytes = CanonicalJson.bytes(json.path("entry"));
      json.put("leaf", Hash.leaf(bytes).base64());
      out.append(json).append('\n');
    }
    return out.toString();
  }

  /// Makes the manifest say that the bundle is about `scope`.
  private static void claim(Map<String, byte[]> parts, Scope scope) {
    var manifest = (ObjectNode) JSON.readTree(text(parts, BundleParts.MANIFEST));
    manifest.set("scope", scope.toJson());
    parts.put(BundleParts.MANIFEST, utf8(CanonicalJson.text(manifest) + "\n"));
  }

  /// Replaces a part and its line in the manifest.
  static void rewrite(Map<String, byte[]> parts, String name, String text) {
    parts.put(name, utf8(text));
    var manifest = (ObjectNode) JSON.readTree(text(parts, BundleParts.MANIFEST));
    for (var part : manifest.path("parts")) {
      if (part.path("name").stringValue().equals(name)) {
        ((ObjectNode) part)
            .put("bytes", utf8(text).length)
            .put("digest", Digest.of(utf8(text)).value());
      }
    }
    parts.put(BundleParts.MANIFEST, utf8(CanonicalJson.text(manifest) + "\n"));
  }
}
