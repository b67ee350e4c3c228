package dev.remit.server.registry;

import dev.remit.server.registry.Upstream.Setting;
import java.util.List;
import java.util.Map;

/// Credentials live in Remit's encrypted store and are fetched for each use; a manifest only names
/// them.
final class SecretRules {
  private final Flaws flaws;
  private final SecretCheck secrets;

  private SecretRules(Flaws flaws, SecretCheck secrets) {
    this.flaws = flaws;
    this.secrets = secrets;
  }

  static void check(Proposal proposal, SecretCheck secrets, Flaws flaws) {
    var rules = new SecretRules(flaws, secrets);
    for (var stored : proposal.next().active().values()) {
      if (stored.declared() instanceof Resource resource) {
        rules.check(stored.ref(), resource.upstream());
      }
    }
  }

  private void check(Ref ref, Upstream upstream) {
    switch (upstream) {
      case Upstream.Stdio(var command, var args, var env, _) -> {
        refuse(ref, "upstream.stdio.command", "", command);
        checkArguments(ref, args);
        checkAll(ref, "upstream.stdio.env.", env);
      }
      case Upstream.Http(var url, var headers, var query, var auth, var reveals) -> {
        refuse(ref, "upstream.http.url", "", url.toString());
        checkAll(ref, "upstream.http.headers.", headers);
        checkAll(ref, "upstream.http.query.", query);
        auth.secrets()
            .forEach((path, secret) -> checkThere(ref, "upstream.http.auth." + path, secret));
        reveals.forEach((name, secret) -> checkThere(ref, "upstream.http.reveals." + name, secret));
        checkOne(ref, "upstream.http.headers", headers, auth);
      }
      case Upstream.Models(var url, _, var headers, var query, var auth) -> {
        refuse(ref, "upstream.models.url", "", url.toString());
        checkAll(ref, "upstream.models.headers.", headers);
        checkAll(ref, "upstream.models.query.", query);
        auth.secrets()
            .forEach((path, secret) -> checkThere(ref, "upstream.models.auth." + path, secret));
        checkOne(ref, "upstream.models.headers", headers, auth);
      }
      case Upstream.Database database ->
          checkThere(ref, "upstream.database.administrator.secret", database.secret());
    }
  }

  /// The option before an argument names it: `--api-key`, then the key.
  private void checkArguments(Ref ref, List<String> args) {
    var before = "";
    for (int i = 0; i < args.size(); i++) {
      var name = before.startsWith("-") ? before.replaceFirst("^-+", "") : "";
      refuse(ref, "upstream.stdio.args[" + i + "]", name, args.get(i));
      before = args.get(i);
    }
  }

  private void checkAll(Ref ref, String path, Map<String, Setting> settings) {
    settings.forEach((name, setting) -> {
      switch (setting) {
        case Setting.Plain(var value) -> refuse(ref, path + name, name, value);
        case Setting.Secret(var secret) -> checkThere(ref, path + name, secret);
      }
    });
  }

  private void refuse(Ref ref, String path, String name, String value) {
    SecretText.recognised(name, value)
        .ifPresent(what ->
            flaws.always(
                "R63",
                ref,
                path,
                "a credential is written into " + ref.said() + ": " + what,
                "store it with `remit secret put NAME`, write `{secret: NAME}` where a variable"
                    + " or header takes it, and have the issuer replace it"));
  }

  /// Two that say who is calling would be two answers to one question.
  private void checkOne(Ref ref, String path, Map<String, Setting> headers, HttpAuth auth) {
    if (!(auth instanceof HttpAuth.None)
        && headers.keySet().stream().anyMatch("authorization"::equalsIgnoreCase)) {
      flaws.always(
          "R63",
          ref,
          path,
          ref.said() + " declares both a header `Authorization` and `auth`, which sets it",
          "keep one of them");
    }
  }

  /// A warning only: values often arrive by another way and later than manifests, and until they do
  /// the resource cannot be called, which is safe.
  private void checkThere(Ref ref, String path, String secret) {
    if (!secrets.exists(secret)) {
      flaws.flag(
          "R85",
          ref,
          path,
          "there is no secret `" + secret + "` yet; " + ref.said() + " cannot be called without",
          "store it with `remit secret put " + secret + "`");
    }
    secrets
        .personal(secret)
        .ifPresent(warning ->
            flaws.flag(
                "R56",
                ref,
                path,
                warning,
                "have the issuer make one for the workload, and store it with `remit secret put "
                    + secret
                    + "`"));
  }
}
