package dev.remit.kernel.evidence;

import static dev.remit.kernel.evidence.BundleTampering.rewrite;
import static dev.remit.kernel.evidence.BundleWorld.text;
import static dev.remit.kernel.evidence.BundleWorld.utf8;

import dev.remit.kernel.canonical.CanonicalJson;
import dev.remit.kernel.ledger.Entry;
import dev.remit.kernel.ledger.EntryType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// What somebody could do to a bundle over several logs, in such a way that all unsigned parts
/// agree.
enum NodesTampering {
  /// One log is left out, by somebody who makes everything else anew.
  LOG_LEFT_OUT {
    @Override
    Map<String, byte[]> of(NodesWorld world, Random random) {
      var names = new ArrayList<>(world.nodes.keySet());
      names.remove(random.nextInt(names.size()));
      return world.parts(names, world.lastSeen());
    }
  },
  /// The directory of one log is gone, and the manifest does not name its parts.
  PARTS_OF_A_LOG_MISSING {
    @Override
    Map<String, byte[]> of(NodesWorld world, Random random) {
      var parts = new TreeMap<>(world.parts());
      var gone = "logs/" + any(world, random) + "/";
      parts.keySet().removeIf(name -> name.startsWith(gone));
      return relisted(parts);
    }
  },
  /// Two logs have exchanged their directories.
  LOGS_SWAPPED {
    @Override
    Map<String, byte[]> of(NodesWorld world, Random random) {
      var parts = new TreeMap<>(world.parts());
      for (var name : List.copyOf(parts.keySet())) {
        if (name.startsWith("logs/node-a/")) {
          var other = name.replace("node-a", "node-b");
          var kept = parts.getOrDefault(name, new byte[0]);
          parts.put(name, parts.getOrDefault(other, new byte[0]));
          parts.put(other, kept);
        }
      }
      return relisted(parts);
    }
  },
  /// A root log that nobody knows, over the same logs.
  OTHER_ROOT {
    @Override
    Map<String, byte[]> of(NodesWorld world, Random random) {
      var other = new NodesWorld(random);
      world.nodes.clear();
      world.nodes.putAll(other.nodes);
      return other.parts();
    }
  },
  /// A node's own key has signed another story, after the root log had seen the true one.
  LOG_REWRITTEN {
    @Override
    Map<String, byte[]> of(NodesWorld world, Random random) {
      var parts = new TreeMap<>(world.parts());
      var log = world.log("node-b");
      log.add(Entry.of(EntryType.HEARTBEAT, BundleWorld.TEN.plusSeconds(200)));
      var note = log.note(log.entries).toString();
      rewrite(parts, "logs/node-b/checkpoint", note);
      var manifest = manifest(parts);
      var lines = note.split("\n", -1);
      for (var one : manifest.path("logs")) {
        if (one.path("name").asString("").equals("node-b")) {
          ((ObjectNode) one).put("size", Long.parseLong(lines[1])).put("root", lines[2]);
        }
      }
      put(parts, manifest);
      return parts;
    }
  },
  /// What the root log saw earlier, and not what it saw last.
  OLDER_LOOK {
    @Override
    Map<String, byte[]> of(NodesWorld world, Random random) {
      var earlier = world.lastSeen().subList(0, world.nodes.size());
      world.look();
      return world.parts(List.copyOf(world.nodes.keySet()), earlier);
    }
  },
  /// The manifest names the logs in another order, or one twice.
  LOGS_NAMED_OTHERWISE {
    @Override
    Map<String, byte[]> of(NodesWorld world, Random random) {
      var parts = new TreeMap<>(world.parts());
      var manifest = manifest(parts);
      var logs = (ArrayNode) manifest.path("logs");
      logs.insert(random.nextInt(logs.size()), logs.get(random.nextInt(logs.size())).deepCopy());
      put(parts, manifest);
      return parts;
    }
  },
  ENTRY_LEFT_OUT {
    @Override
    Map<String, byte[]> of(NodesWorld world, Random random) {
      var parts = new TreeMap<>(world.parts());
      var name = "logs/" + (random.nextBoolean() ? "node-a" : "root") + "/entries.ndjson";
      var lines = new ArrayList<>(text(parts, name).lines().toList());
      lines.remove(random.nextInt(lines.size()));
      rewrite(parts, name, String.join("\n", lines) + "\n");
      return parts;
    }
  },
  BETTER_FIGURES {
    @Override
    Map<String, byte[]> of(NodesWorld world, Random random) {
      var parts = new TreeMap<>(world.parts());
      var figures = text(parts, BundleParts.COMPLETENESS);
      rewrite(
          parts, BundleParts.COMPLETENESS, figures.replaceFirst("\"begun\":\\d+", "\"begun\":1"));
      return parts;
    }
  },
  ONE_BIT {
    @Override
    Map<String, byte[]> of(NodesWorld world, Random random) {
      var parts = new TreeMap<>(world.parts());
      var names = parts.entrySet().stream().filter(one -> one.getValue().length > 0).toList();
      var changed = names.get(random.nextInt(names.size()));
      var bytes = changed.getValue().clone();
      bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(7));
      parts.put(changed.getKey(), bytes);
      return parts;
    }
  };

  private static final JsonMapper JSON = JsonMapper.shared();

  /// Returns the parts of the bundle of `world`, tampered with.
  abstract Map<String, byte[]> of(NodesWorld world, Random random);

  private static String any(NodesWorld world, Random random) {
    return List.copyOf(world.nodes.keySet()).get(random.nextInt(world.nodes.size()));
  }

  private static ObjectNode manifest(Map<String, byte[]> parts) {
    return (ObjectNode) JSON.readTree(text(parts, BundleParts.MANIFEST));
  }

  private static void put(Map<String, byte[]> parts, ObjectNode manifest) {
    parts.put(BundleParts.MANIFEST, utf8(CanonicalJson.text(manifest) + "\n"));
  }

  /// Makes the manifest name exactly the parts that there are.
  private static Map<String, byte[]> relisted(Map<String, byte[]> parts) {
    var manifest = manifest(parts);
    var others = new TreeMap<>(parts);
    others.remove(BundleParts.MANIFEST);
    Bundle.list(manifest, others);
    put(parts, manifest);
    return parts;
  }
}
