package dev.remit.kernel.policy;

import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/// Policies in Cedar's JSON form, written with single quotes.
final class Est {
  static final EntityUid ALICE = new EntityUid("User", "alice");
  static final EntityUid VIEW = new EntityUid("Action", "view");
  static final EntityUid PHOTO = new EntityUid("Photo", "p1");
  private static final String ALL = "{'op':'All'}";

  private Est() {}

  /// A policy for everything, with one `when`.
  static Policy when(String id, String effect, String body) {
    return policy(id, effect, ALL, body, "{}");
  }

  static Policy annotated(String id, String effect, String body, String annotations) {
    return policy(id, effect, ALL, body, annotations);
  }

  static Policy scoped(String id, String effect, String principal, String body) {
    return policy(id, effect, principal, body, "{}");
  }

  private static Policy policy(
      String id, String effect, String principal, String body, String annotations) {
    var text =
        "{'effect':'%s','principal':%s,'action':{'op':'All'},'resource':{'op':'All'},"
                .formatted(effect, principal)
            + "'conditions':[{'kind':'when','body':%s}],'annotations':%s}"
                .formatted(body, annotations);
    return Policy.of(new PolicyId(id), JsonMapper.shared().readTree(text.replace('\'', '"')));
  }

  static Request request(Map<String, Value> context) {
    return new Request(ALICE, VIEW, PHOTO, Value.Members.of(context));
  }
}
