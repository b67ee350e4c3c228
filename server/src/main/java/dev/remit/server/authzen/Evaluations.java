package dev.remit.server.authzen;

import dev.remit.kernel.identity.DecisionId;
import dev.remit.server.authzen.AskedRecords.Answered;
import dev.remit.server.authzen.RequestReader.Sought;
import dev.remit.server.registry.Registered;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/// Answers several questions of one request. A question that cannot be understood is denied for
/// itself; only what is wrong for all of them refuses the request.
///
/// Source: Authorization API 1.0, section 7.
final class Evaluations {
  private final RequestReader reader;
  private final Evaluation evaluation;
  private final int max;

  Evaluations(RequestReader reader, Evaluation evaluation, int max) {
    this.reader = reader;
    this.evaluation = evaluation;
    this.max = max;
  }

  /// Returns the answers in the order of the questions, as far as the semantics go.
  List<Answered> judge(JsonNode request, Asker asker, Registered registered, Instant now)
      throws Malformed {
    var semantics = Semantics.of(request);
    var answers = new ArrayList<Answered>();
    for (var one : items(request)) {
      var answered = judge(one, request, asker, registered, now);
      answers.add(answered);
      if (semantics.endsWith(answered.answer().judged())) {
        break;
      }
    }
    return answers;
  }

  /// Whether the request holds several; without them it is a single evaluation.
  static boolean areIn(JsonNode request) throws Malformed {
    var items = request.path("evaluations");
    if (!items.isMissingNode() && !items.isArray()) {
      throw new Malformed("`evaluations` must be an array");
    }
    return !items.isEmpty();
  }

  private JsonNode items(JsonNode request) throws Malformed {
    var items = request.path("evaluations");
    if (items.size() > max) {
      throw new Malformed(
          "`evaluations` holds " + items.size() + ", more than " + max + "; send several requests");
    }
    for (int i = 0; i < items.size(); i++) {
      if (!items.get(i).isObject()) {
        throw new Malformed("`evaluations[" + i + "]` must be an object");
      }
    }
    for (var name : List.of("subject", "action", "resource", "context")) {
      RequestReader.optionalObject(name, request.path(name));
    }
    return items;
  }

  private Answered judge(
      JsonNode one, JsonNode defaults, Asker asker, Registered registered, Instant now) {
    var id = DecisionId.fresh(now);
    try {
      var asked = reader.access(one, defaults, Sought.NOTHING);
      return new Answered(new Answer(id, evaluation.judge(asker, asked, registered, now)), asked);
    } catch (Malformed e) {
      return new Answered(new Answer(id, new Judged.Unreadable(e.what())), unread());
    }
  }

  private static Access unread() {
    var nothing = new Thing("", "", RequestReader.nothing());
    return new Access(nothing, "", RequestReader.nothing(), nothing, RequestReader.nothing());
  }
}
