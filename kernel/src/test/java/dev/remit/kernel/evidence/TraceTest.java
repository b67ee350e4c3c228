package dev.remit.kernel.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.kernel.canonical.CanonicalJson;
import dev.remit.kernel.canonical.Digest;
import dev.remit.kernel.evidence.Trace.Link;
import dev.remit.kernel.ledger.Entry;
import dev.remit.kernel.ledger.EntryType;
import dev.remit.kernel.ledger.RecordedEntry;
import dev.remit.kernel.ledger.TestLog;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// From any entry to who answers for it and under which approval and policies; from any credential
/// to everything it was used for.
@Tag("R201")
@Tag("R202")
@Tag("R34")
@Tag("R190")
@Tag("R194")
class TraceTest {
  private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");
  private static final String AGENT = "spiffe://remit.local/invoices/invoice-agent";
  private static final Digest POLICIES = Digest.of("policies");
  private static final Digest PIN = Digest.of("pin");

  private final TestLog log = new TestLog();
  private final StringBuilder declared = new StringBuilder();

  TraceTest() {
    log.boot();
    declare("workflow", "invoices", 1, "{\"owner\":\"anna\",\"purpose\":\"pay what is due\"}");
    declare("identity", "invoice-agent", 1, "{\"workflow\":\"invoices\"}");
    declare(
        "grant",
        "payer",
        1,
        "{\"identity\":\"invoice-agent\",\"approvedBy\":\"ben\",\"expires\":\"2026-12-31\"}");
    declare("policy", "may-pay", 3, "{\"cedar\":\"permit\"}");
    log.add(
        Entry.of(EntryType.DEFINITION_PINNED, NOW)
            .with("tool", "files/pay")
            .with("definition", PIN));
    log.add(
        Entry.of(EntryType.POLICY_ACTIVATED, NOW)
            .with("policies", POLICIES)
            .with("registry", 1)
            .with("by", "ben"));
    log.add(about(EntryType.TASK_STARTED, "task_1").with("id", "task_1"));
    log.add(
        about(EntryType.TOKEN_ISSUED, "task_1").with("id", "token-1").with("proof", "sha256:p"));
    log.add(about(EntryType.TOKEN_ISSUED, "task_1").with("id", "token-2"));
    log.add(decided("dec_1", "token-1", "prompts/get", "allow"));
    log.add(decided("dec_2", "token-1", "tools/call", "hold").with("definition", PIN));
    log.add(
        about(EntryType.APPROVAL_OPENED, "task_1")
            .with("approval", "apr_1")
            .with("of", "dec_2")
            .with("bound", Digest.of("bound"))
            .with("roles", List.of("approver")));
    log.add(
        about(EntryType.APPROVAL_SETTLED, "task_1")
            .with("approval", "apr_1")
            .with("of", "dec_2")
            .with("outcome", "granted")
            .with("by", "otto"));
    log.add(
        decided("dec_3", "token-1", "tools/call", "allow")
            .with("definition", PIN)
            .with("approval", "apr_1"));
    log.add(about(EntryType.CALL_ENDED, "task_1").with("of", "dec_3").with("outcome", "answered"));
    log.add(decided("dec_4", "token-2", "tools/call", "allow"));
    log.add(decided("dec_5", "token-1", "sampling/createMessage", "allow"));
    log.add(decided("dec_6", "token-1", "tools/call", "deny"));
  }

  @Test
  void an_outcome_leads_to_owner_identity_task_policies_and_approval() {
    var trace = trace(index("call.ended"));

    assertThat(trace.behind().stream().map(Link::what))
        .containsExactly(
            "owner",
            "workflow",
            "identity",
            "grant",
            "task",
            "token",
            "prompt",
            "call.decided",
            "definition",
            "policies",
            "policy",
            "approval",
            "answer");
    assertThat(said(trace.behind(), "owner")).isEqualTo("anna");
    assertThat(said(trace.behind(), "grant")).contains("payer approved by ben until 2026-12-31");
    assertThat(said(trace.behind(), "token")).contains("[token-1]", "proof sha256:p");
    assertThat(said(trace.behind(), "policy")).contains("may-pay revision 3, declared by anna");
    assertThat(said(trace.behind(), "approval"))
        .contains("apr_1 rests on bound " + Digest.of("bound"), "roles approver");
    assertThat(said(trace.behind(), "answer")).contains("granted by otto");
    assertThat(trace.behind()).allSatisfy(link -> assertThat(link.entry()).isPresent());
  }

  @Test
  void a_call_on_behalf_of_others_leads_to_the_tasks_of_all_who_delegated() {
    log.add(about(EntryType.TASK_STARTED, "task_2").with("id", "task_2").with("parent", "task_1"));
    log.add(
        decided("dec_7", "token-3", "tools/call", "allow")
            .with("parents", List.of("task_1", "task_2")));

    var delegators =
        trace("dec_7").behind().stream().filter(link -> link.what().equals("delegator")).toList();

    assertThat(delegators.stream().map(Link::says))
        .containsExactly(AGENT + " of a part of task_1", AGENT + " of a part of task_2");
    assertThat(said(trace("task_2").behind(), "delegator")).contains("of a part of task_1");
  }

  @Test
  void a_token_leads_to_everything_it_was_used_for_and_to_nothing_of_another() {
    var trace = trace("token-1");

    assertThat(trace.after().stream().map(Link::says))
        .hasSize(8)
        .anySatisfy(says -> assertThat(says).contains("outcome answered"))
        .anySatisfy(says -> assertThat(says).contains("[dec_6]"))
        .noneSatisfy(says -> assertThat(says).contains("[dec_4]"));
    assertThat(said(trace.behind(), "owner")).isEqualTo("anna");
  }

  @Test
  void a_task_leads_to_all_its_tokens_and_calls() {
    assertThat(trace("task_1").after().stream().map(Link::says))
        .anySatisfy(says -> assertThat(says).contains("[token-2]"))
        .anySatisfy(says -> assertThat(says).contains("[dec_4]"));
  }

  @Test
  void an_approval_leads_to_its_answer_and_the_call_that_it_released() {
    var after = trace("apr_1").after();

    assertThat(after.stream().map(Link::what)).containsExactly("approval.settled", "call.decided");
    assertThat(after.getLast().says()).contains("[dec_3]");
  }

  @Test
  void a_prompt_leads_to_the_calls_that_followed_it_until_the_next() {
    assertThat(trace("dec_1").after().stream().map(Link::says))
        .anySatisfy(says -> assertThat(says).contains("[dec_3]"))
        .anySatisfy(says -> assertThat(says).contains("outcome answered"))
        .noneSatisfy(says -> assertThat(says).contains("[dec_6]"));
    assertThat(trace("dec_5").after().stream().map(Link::says))
        .singleElement()
        .satisfies(says -> assertThat(says).contains("[dec_6]"));
  }

  @Test
  void what_is_not_there_is_not_found() {
    assertThat(Trace.in(bundle(), "dec_99")).isEmpty();
    assertThat(Trace.in(bundle(), "4711")).isEmpty();
  }

  private void declare(String kind, String name, long revision, String spec) {
    var json = CanonicalJson.parse(spec);
    declared.append(CanonicalJson.text(new Snapshot(kind, name, revision, json).toJson()));
    declared.append('\n');
    log.add(
        Entry.of(EntryType.REGISTRY_CHANGED, NOW)
            .with("kind", kind)
            .with("name", name)
            .with("revision", revision)
            .with("action", "create")
            .with("after", CanonicalJson.digest(json))
            .with("by", "anna"));
  }

  private static Entry about(EntryType type, String task) {
    return Entry.of(type, NOW)
        .with("identity", AGENT)
        .with("workflow", "invoices")
        .with("task", task);
  }

  private static Entry decided(String id, String token, String method, String decision) {
    return about(EntryType.CALL_DECIDED, "task_1")
        .with("id", id)
        .with("token", token)
        .with("method", method)
        .with("decision", decision)
        .with("policies", POLICIES)
        .with("because", List.of("may-pay"));
  }

  private String index(String type) {
    for (int i = 0; i < log.entries.size(); i++) {
      if (RecordedEntry.parse(i, log.entries.get(i)).type().word().equals(type)) {
        return Integer.toString(i);
      }
    }
    throw new IllegalStateException("no " + type);
  }

  private Trace trace(String id) {
    return Trace.in(bundle(), id).orElseThrow();
  }

  private BundleParts bundle() {
    var entries = new StringBuilder();
    for (int i = 0; i < log.entries.size(); i++) {
      var entry = new String(log.entries.get(i), StandardCharsets.UTF_8);
      entries.append("{\"index\":" + i + ",\"entry\":" + entry + "}\n");
    }
    return BundleParts.of(
        Map.of(BundleParts.ENTRIES, utf8(entries), BundleParts.DECLARED, utf8(declared)));
  }

  private static byte[] utf8(CharSequence text) {
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static String said(List<Link> links, String what) {
    return links.stream()
        .filter(link -> link.what().equals(what))
        .map(Link::says)
        .findFirst()
        .orElse("");
  }
}
