package dev.remit.server.emergency;

import dev.remit.kernel.identity.IdentityName;
import java.time.Instant;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// An emergency in JSON.
final class EmergencyJson {
  private EmergencyJson() {}

  static ObjectNode of(Emergency one, Instant now) {
    var json = JsonMapper.shared().createObjectNode();
    json.put("id", one.id().value());
    json.put("state", EmergencySaid.word(one.state()));
    json.put("holds", one.holds(now));
    json.put("workflow", one.lifted().workflow().value());
    one.lifted().identity().map(IdentityName::value).ifPresent(it -> json.put("identity", it));
    json.put("resource", one.lifted().resource().value());
    one.lifted().tool().ifPresent(it -> json.put("tool", one.lifted().resource() + "/" + it));
    json.put("calls", one.calls()).put("used", one.used());
    json.put("for", one.lasts().toString());
    json.put("reason", one.reason());
    json.put("requestedBy", one.requestedBy().value());
    json.put("requestedAt", one.requestedAt().toString());
    json.put("lapsesAt", one.lapsesAt().toString());
    one.answeredBy().ifPresent(by -> json.put("answeredBy", by.value()));
    one.expiresAt().ifPresent(at -> json.put("expiresAt", at.toString()));
    one.reviewBy().ifPresent(at -> json.put("reviewBy", at.toString()));
    json.put("overdue", one.isOverdue(now));
    one.review()
        .ifPresent(review ->
            json.put("reviewedBy", review.by().value())
                .put("reviewedAt", review.at().toString())
                .put("justified", review.justified()));
    return json;
  }
}
