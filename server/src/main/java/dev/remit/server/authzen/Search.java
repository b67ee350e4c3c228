package dev.remit.server.authzen;

import dev.remit.kernel.canonical.CanonicalJson;
import dev.remit.kernel.canonical.Digest;
import dev.remit.server.authzen.RequestReader.Sought;
import dev.remit.server.crypto.MasterKey;
import dev.remit.server.registry.Registered;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Finds the subjects, resources or actions for which the answer would be yes, page by page.
///
/// Every candidate is judged as an evaluation of its own, so what is found is what an evaluation
/// allows. A page ends when it is full or when so many candidates were judged that another must
/// wait for the next request; pages are not one snapshot.
///
/// Source: Authorization API 1.0, section 8.
final class Search {
  private final RequestReader reader;
  private final Evaluation evaluation;
  private final MasterKey key;
  private final int pageMax;
  private final int searchMax;

  Search(RequestReader reader, Evaluation evaluation, MasterKey key, AuthZenConfig config) {
    this.reader = reader;
    this.evaluation = evaluation;
    this.key = key;
    this.pageMax = config.pageMax();
    this.searchMax = config.searchMax();
  }

  /// One page.
  ///
  /// @param names what was found
  /// @param next the token of the next page; empty if this is the last
  record Found(
      Sought sought,
      String type,
      List<String> names,
      String next,
      boolean complete,
      int considered,
      Optional<Digest> policies) {

    Found {
      names = List.copyOf(names);
    }

    ObjectNode toJson() {
      var json = JsonMapper.shared().createObjectNode();
      json.putObject("page").put("next_token", next).put("count", names.size());
      if (!complete) {
        json.putObject("context")
            .put("complete", false)
            .put(
                "reason",
                "the tool's reviewed schema does not list the ids (`enum` of `resource.id`), so"
                    + " they cannot be searched for");
      }
      var results = json.putArray("results");
      for (var name : names) {
        if (sought == Sought.ACTION) {
          results.addObject().put("name", name);
        } else {
          results.addObject().put("type", type).put("id", name);
        }
      }
      return json;
    }
  }

  Found find(JsonNode request, Sought sought, Asker asker, Registered registered, Instant now)
      throws Malformed {
    var asked = reader.access(request, request, sought);
    var query = digest(request, sought);
    var page = page(request, asker, query);
    var candidates = Candidates.of(sought, asked, asker, registered);
    var names = new ArrayList<String>();
    Optional<Digest> policies = Optional.empty();
    int considered = 0;
    String last = page.after();
    boolean more = false;
    for (var name : candidates.names()) {
      if (name.compareTo(page.after()) <= 0) {
        continue;
      }
      if (names.size() >= page.limit() || considered >= searchMax) {
        more = true;
        break;
      }
      var judged = evaluation.consider(asker, with(asked, sought, name), registered, now);
      if (judged instanceof Judged.Unreadable(var what)) {
        throw new Malformed(what);
      }
      if (judged instanceof Judged.ByPolicy(_, _, var decided, _)) {
        policies = Optional.of(decided.policies());
      }
      if (judged.isAllowed()) {
        names.add(name);
      }
      considered++;
      last = name;
    }
    var next = more ? new PageToken(page.limit(), last).sealed(key, asker, query) : "";
    var type = sought == Sought.SUBJECT ? asked.subject().type() : asked.resource().type();
    return new Found(sought, type, names, next, candidates.complete(), considered, policies);
  }

  private static Access with(Access asked, Sought sought, String name) {
    return switch (sought) {
      case SUBJECT -> asked.by(name);
      case RESOURCE -> asked.to(name);
      case ACTION -> asked.doing(name);
      case NOTHING -> asked;
    };
  }

  /// Everything but the page's token and limit: a token is good for the same query only.
  private static Digest digest(JsonNode request, Sought sought) throws Malformed {
    var query = JsonMapper.shared().createObjectNode();
    query.put("search", sought.name().toLowerCase(Locale.ROOT));
    for (var name : List.of("subject", "action", "resource", "context")) {
      if (request.has(name)) {
        query.set(name, request.get(name));
      }
    }
    query.set(
        "properties",
        RequestReader.optionalObject("page.properties", request.path("page").path("properties")));
    try {
      return CanonicalJson.digest(query);
    } catch (IllegalArgumentException e) {
      throw new Malformed("the query cannot be compared with others: " + e.getMessage());
    }
  }

  private PageToken page(JsonNode request, Asker asker, Digest query) throws Malformed {
    var page = RequestReader.optionalObject("page", request.path("page"));
    var limit = page.path("limit");
    if (!limit.isMissingNode()
        && !(limit.isIntegralNumber() && limit.bigIntegerValue().signum() >= 0)) {
      throw new Malformed("`page.limit` must be an integer of 0 or more");
    }
    int asked = limit.canConvertToInt() ? Math.min(limit.intValue(), pageMax) : pageMax;
    var token = page.path("token");
    if (token.isMissingNode()) {
      return new PageToken(limit.isMissingNode() ? pageMax : asked, "");
    }
    if (!token.isString()) {
      throw new Malformed("`page.token` must be text");
    }
    var opened = PageToken.open(token.stringValue(), key, asker, query);
    if (!limit.isMissingNode() && asked != opened.limit()) {
      throw new Malformed("`page.limit` is not that of the first page; it must stay the same");
    }
    return opened;
  }
}
