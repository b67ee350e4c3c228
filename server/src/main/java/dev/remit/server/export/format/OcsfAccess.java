package dev.remit.server.export.format;

import dev.remit.kernel.ledger.RecordedEntry;
import dev.remit.server.export.format.Ocsf.Kind;
import dev.remit.server.export.format.Ocsf.Severity;
import java.util.Set;
import tools.jackson.databind.node.ObjectNode;

/// Who may act: tasks and tokens, approvals, standing.
final class OcsfAccess {
  private static final Set<String> ACCOUNTS = Set.of("identity", "person");
  static final String HELD_CALL = "held call";
  private static final String ROLE = "database role";
  private static final String CERTIFICATE = "certificate";
  static final String SECRET = "secret shown as a value";
  private static final int PERSON = 1;
  private static final int SERVICE = 4;

  private OcsfAccess() {}

  /// User access management (3005): a privilege was given, asked for or taken away.
  static ObjectNode privileges(Outgoing out, int activity, String name, String privilege) {
    var entry = out.entry();
    var event = Ocsf.base(out, Kind.USER_ACCESS, activity, name, Severity.INFORMATIONAL);
    event.set("user", user(entry));
    event.set("actor", Ocsf.actor(entry));
    event.putArray("privileges").add(privilege);
    Ocsf.status(event, true);
    return event;
  }

  /// A credential of a task: a role at a database, or a certificate.
  static ObjectNode lent(Outgoing out, int activity, String name) {
    boolean isCertificate = out.entry().text("kind").filter(CERTIFICATE::equals).isPresent();
    return privileges(out, activity, name, isCertificate ? CERTIFICATE : ROLE);
  }

  /// A role that cannot be taken away.
  static ObjectNode stuck(Outgoing out) {
    var event = privileges(out, 2, "Revoke Privileges", ROLE);
    out.entry().text("detail").ifPresent(detail -> event.put("status_detail", detail));
    Ocsf.status(event, false);
    return event;
  }

  /// A task's token that was given back to its upstream, or was not.
  static ObjectNode returned(Outgoing out) {
    var event = privileges(out, 2, "Revoke Privileges", "upstream token");
    Ocsf.status(event, out.entry().text("outcome").filter("failed"::equals).isEmpty());
    return event;
  }

  static ObjectNode settled(Outgoing out) {
    var outcome = out.entry().text("outcome").orElse("settled");
    return outcome.equals("granted")
        ? privileges(out, 1, "Assign Privileges", HELD_CALL)
        : privileges(out, 99, outcome, HELD_CALL);
  }

  static ObjectNode revoked(Outgoing out) {
    boolean people = out.entry().text("person").isPresent();
    return privileges(out, 2, "Revoke Privileges", people ? "operator tokens" : "task token");
  }

  /// Authentication (3002): a workload came with a proof, or its task is over.
  static ObjectNode session(Outgoing out, int activity, String name, boolean success) {
    var entry = out.entry();
    var severity = success ? Severity.INFORMATIONAL : Severity.LOW;
    var event = Ocsf.base(out, Kind.AUTHENTICATION, activity, name, severity);
    event.set("user", user(entry));
    event.putObject("service").put("name", "Remit");
    entry.text("task").ifPresent(task -> event.putObject("session").put("uid", task));
    entry.text("reason").ifPresent(reason -> event.put("status_detail", reason));
    Ocsf.status(event, success);
    return event;
  }

  /// Account change (3001) of an identity or a person; entity management (3004) of anything else.
  static ObjectNode standing(Outgoing out) {
    var entry = out.entry();
    boolean suspended = entry.content().path("suspended").asBoolean(false);
    var kind = entry.text("kind").orElse("");
    if (!ACCOUNTS.contains(kind)) {
      return suspended
          ? OcsfEntities.changed(out, 12, "Suspend", kind, "name")
          : OcsfEntities.changed(out, 13, "Resume", kind, "name");
    }
    var event =
        suspended
            ? Ocsf.base(out, Kind.ACCOUNT_CHANGE, 5, "Disable", Severity.MEDIUM)
            : Ocsf.base(out, Kind.ACCOUNT_CHANGE, 2, "Enable", Severity.INFORMATIONAL);
    boolean person = kind.equals("person");
    event.set("user", Ocsf.user(entry.text("name").orElse("unknown"), person ? PERSON : SERVICE));
    event.set("actor", Ocsf.actor(entry));
    Ocsf.status(event, true);
    return event;
  }

  private static ObjectNode user(RecordedEntry entry) {
    return entry
        .text("person")
        .map(person -> Ocsf.user(person, PERSON))
        .orElseGet(() -> Ocsf.user(entry.text("identity").orElse("unknown"), SERVICE));
  }
}
