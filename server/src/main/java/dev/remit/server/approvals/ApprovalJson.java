package dev.remit.server.approvals;

import dev.remit.kernel.identity.Role;
import dev.remit.kernel.identity.Word;
import dev.remit.server.assumptions.Present;
import java.util.Locale;
import java.util.Set;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Says approvals in JSON, for people to read and programs to show.
final class ApprovalJson {
  private static final JsonMapper JSON = JsonMapper.shared();

  private ApprovalJson() {}

  /// As it stands in a list.
  static ObjectNode of(Approval approval) {
    var binding = approval.binding();
    var json = JSON.createObjectNode();
    json.put("id", approval.id().value());
    json.put("state", word(approval.state()));
    json.put("decision", approval.decision().value());
    json.put("identity", binding.identity().value());
    json.put("workflow", binding.workflow().value());
    json.put("task", binding.task().value());
    json.put("intent", binding.intent());
    json.put("owner", binding.asker().value());
    var wanted = binding.wanted();
    json.put("method", wanted.method());
    json.put("resource", wanted.resource().value());
    json.put("item", wanted.item());
    wanted.definition().ifPresent(digest -> json.put("definition", digest.value()));
    json.put("argumentsDigest", binding.arguments().value());
    json.put("policies", binding.policies().value());
    approval.shown().ifPresent(shown -> json.put("arguments", shown));
    approval.because().forEach(json.putArray("because")::add);
    words(approval.roles(), json, "roles");
    terms(approval, json);
    approval.under().ifPresent(under -> json.put("under", under.value()));
    json.put("openedAt", approval.openedAt().toString());
    json.put("lapsesAt", approval.lapsesAt().toString());
    approval
        .answer()
        .ifPresent(answer ->
            json.putObject("answer")
                .put("by", answer.by())
                .put("reason", answer.reason())
                .put("at", answer.at().toString()));
    return json;
  }

  /// With what it rests on, what is left of it for its task, and what happened the last times.
  static ObjectNode whole(Approval approval, Approvals approvals) {
    var json = of(approval);
    assumptions(approval, approvals.present(), json);
    approvals
        .allowance(approval.id())
        .ifPresent(allowance -> {
          var left = json.putObject("forTask");
          limits(allowance.limits(), left);
          left.put("used", allowance.used());
          left.put("state", allowance.state().name().toLowerCase(Locale.ROOT));
        });
    var before = json.putArray("before");
    for (var one : approvals.before(approval)) {
      var item = before.addObject().put("id", one.id().value()).put("state", word(one.state()));
      one.answer()
          .ifPresent(answer -> item.put("by", answer.by()).put("at", answer.at().toString()));
    }
    return json;
  }

  static ObjectNode of(Group group) {
    var json = JSON.createObjectNode();
    json.put("task", group.task().value());
    json.put("identity", group.identity().value());
    json.put("method", group.method());
    json.put("item", group.item());
    json.put("waiting", group.waiting());
    json.put("oldest", group.oldest().toString());
    json.put("firstLapse", group.firstLapse().toString());
    group.ids().forEach(json.putArray("ids")::add);
    return json;
  }

  private static void terms(Approval approval, ObjectNode json) {
    json.set("terms", TermsJson.write(approval.terms()));
    var wanted = json.putArray("wanted");
    approval.wanted().stream().map(Object::toString).sorted().forEach(wanted::add);
    var agreements = json.putArray("agreements");
    for (var one : approval.agreements()) {
      var item = agreements.addObject().put("by", one.by().value());
      words(one.roles(), item, "as");
      item.put("reason", one.reason()).put("at", one.at().toString());
      one.forTask().ifPresent(forTask -> limits(forTask, item.putObject("forTask")));
    }
  }

  private static void assumptions(Approval approval, Present now, ObjectNode json) {
    var all = json.putArray("assumptions");
    for (var one : approval.assumptions().all()) {
      var item = one.json().put("says", one.said());
      if (approval.isAlive()) {
        one.brokenIn(now).ifPresent(broken -> item.put("broken", broken.how()));
      }
      all.add(item);
    }
  }

  private static void limits(ForTask limits, ObjectNode json) {
    json.put("uses", limits.uses()).put("until", limits.until().toString());
    limits.free().stream().sorted().forEach(json.putArray("free")::add);
  }

  private static void words(Set<Role> roles, ObjectNode json, String member) {
    roles.stream().map(Word::word).sorted().forEach(json.putArray(member)::add);
  }

  private static String word(Approval.State state) {
    return state.name().toLowerCase(Locale.ROOT);
  }
}
