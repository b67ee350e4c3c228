package dev.remit.cli.init;

import dev.remit.cli.Home;
import dev.remit.cli.keys.KeyFile;
import dev.remit.cli.keys.SigningKey;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Brings one client's servers under Remit, in this order: ask each server, make sure secrets have
/// a place, store them, create the key, write the manifests, and change the client's file last.
///
/// A step that fails leaves nothing that the next run cannot continue: secrets are replaced by
/// themselves, keys and manifests that exist are kept.
final class Init {
  private static final String INTENT = "assist";
  private static final String TRUST_DOMAIN = "remit.local";

  private final Vault vault;
  private final Home home;
  private final Folder folder;
  private final Discovery discovery;

  Init(Vault vault, Home home, Folder folder, Discovery discovery) {
    this.vault = vault;
    this.home = home;
    this.folder = folder;
    this.discovery = discovery;
  }

  /// What the person asked for.
  ///
  /// @param workflow the workflow's name
  /// @param owner the person who answers for it, if they said
  /// @param user the name of the account this runs under
  /// @param write whether to change the client's file
  record Wish(String workflow, Optional<String> owner, String user, boolean write) {}

  /// What was done.
  ///
  /// @param written manifests that are new
  /// @param kept manifests that were there and were left alone
  /// @param secrets names in the store
  /// @param lines the entries of the client's file, by server, as they are to be
  /// @param backup the copy of the client's file, if it was changed
  record Outcome(
      List<Found> found,
      String owner,
      String identity,
      Path key,
      List<String> written,
      List<String> kept,
      List<String> secrets,
      Map<String, List<String>> lines,
      Optional<Path> backup) {}

  Outcome run(ClientConfiguration configuration, Wish wish, Instant now) {
    var found = discovery.all(configuration.configured());
    var listed = found.stream().flatMap(one -> one.listed().stream()).toList();
    var secrets = listed.stream().flatMap(one -> one.upstream().secrets()).toList();
    vault.require(secrets);

    var me = vault.me();
    var owner = wish.owner().or(() -> me).orElse(Discovery.label(wish.user()));
    var identity = Discovery.label(wish.workflow() + "-agent");
    if (listed.isEmpty()) {
      var path = KeyFile.path(home.keys(), identity);
      return new Outcome(
          found,
          owner,
          identity,
          path,
          List.of(),
          List.of(),
          List.of(),
          Map.of(),
          Optional.empty());
    }

    secrets.forEach(vault::store);
    var names =
        new Manifests.Names(wish.workflow(), identity, spiffeId(wish, identity), owner, INTENT);
    var key = key(names);
    var source = configuration.file().getFileName().toString();
    var manifests = new Manifests(names, source, Manifests.inNinetyDays(now));
    var texts = texts(manifests, listed, key, owner, me);
    var written = new ArrayList<String>();
    var kept = new ArrayList<String>();
    texts.forEach((name, text) -> (folder.write(name, text) ? written : kept).add(name));

    var lines = lines(listed, identity);
    var backup =
        wish.write()
            ? Optional.of(configuration.replaceBy(configuration.rewritten(lines)))
            : Optional.<Path>empty();
    return new Outcome(
        found,
        owner,
        identity,
        KeyFile.path(home.keys(), identity),
        written,
        kept,
        secrets.stream().map(Setting.Secret::secret).toList(),
        lines,
        backup);
  }

  private static String spiffeId(Wish wish, String identity) {
    return "spiffe://" + TRUST_DOMAIN + "/" + wish.workflow() + "/" + identity;
  }

  /// Returns the identity's key; it is created once.
  private KeyFile key(Manifests.Names names) {
    if (Files.exists(KeyFile.path(home.keys(), names.identity()))) {
      return KeyFile.read(home.keys(), names.identity());
    }
    var key =
        new KeyFile(
            names.identity(), names.spiffeId(), INTENT, vault.address(), SigningKey.fresh());
    key.create(home.keys());
    return key;
  }

  private Map<String, String> texts(
      Manifests manifests,
      List<Found.Listed> listed,
      KeyFile key,
      String owner,
      Optional<String> me) {
    var texts = new LinkedHashMap<String, String>();
    boolean known = me.filter(owner::equals).isPresent() || vault.knows(owner);
    if (!known) {
      texts.put("person.yaml", manifests.person(owner));
    }
    texts.put("workflow.yaml", manifests.workflow(key.key().publicJwk()));
    for (var server : listed) {
      texts.put(
          "server-" + server.resource() + ".yaml",
          manifests.server(server.resource(), server.upstream(), server.listing()));
    }
    return texts;
  }

  private static Map<String, List<String>> lines(List<Found.Listed> listed, String identity) {
    var lines = new LinkedHashMap<String, List<String>>();
    for (var server : listed) {
      lines.put(server.name(), List.of("connect", server.resource(), "--identity", identity));
    }
    return lines;
  }
}
