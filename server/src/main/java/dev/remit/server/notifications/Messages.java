package dev.remit.server.notifications;

import dev.remit.kernel.identity.PersonName;
import dev.remit.kernel.identity.Role;
import dev.remit.kernel.identity.Word;
import dev.remit.kernel.ledger.EntryType;
import dev.remit.kernel.ledger.RecordedEntry;
import dev.remit.server.export.format.Outgoing;
import dev.remit.server.notifications.Message.Fact;
import dev.remit.server.registry.Registered;
import dev.remit.server.registry.Workflow;
import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/// Makes messages of entries: this file is the whole list of what is told, and to whom.
///
/// Nothing of a body is told, so what may be erased from the ledger does not live on in mailboxes.
final class Messages {
  static final Set<EntryType> TOLD =
      EnumSet.of(
          EntryType.APPROVAL_OPENED,
          EntryType.APPROVAL_SETTLED,
          EntryType.APPROVAL_REMINDED,
          EntryType.FINDING_RAISED,
          EntryType.RESUMPTION_REQUESTED,
          EntryType.APPLY_REQUESTED,
          EntryType.APPLY_SETTLED,
          EntryType.ENFORCEMENT_REQUESTED,
          EntryType.ENFORCEMENT_CHANGED,
          EntryType.EMERGENCY_REQUESTED,
          EntryType.EMERGENCY_SETTLED,
          EntryType.EMERGENCY_ENDED);

  /// Who hears of broken glass whether they may break it or not.
  private static final Set<Role> WATCHING = EnumSet.of(Role.SECURITY, Role.ADMIN, Role.AUDITOR);

  private static final int NAME_MAX = 120;
  private static final int QUOTED_MAX = 300;

  private final String publicUrl;
  private final Set<Role> breakers;
  private final Set<Role> knowing;
  private final Supplier<Registered> registered;

  /// @param publicUrl what links begin with
  /// @param breakers who may answer somebody else's wish to break glass
  Messages(URI publicUrl, Set<Role> breakers, Supplier<Registered> registered) {
    this.publicUrl = publicUrl.toString();
    this.breakers = Set.copyOf(breakers);
    var all = EnumSet.copyOf(WATCHING);
    all.addAll(breakers);
    this.knowing = Set.copyOf(all);
    this.registered = registered;
  }

  /// Returns what is told of an entry, to those who are here at `now`; empty if nothing is.
  Optional<Message> of(Outgoing out, Instant now) {
    var telling = new Telling(out, new Recipients(registered.get(), now));
    return switch (out.entry().type()) {
      case APPROVAL_OPENED -> Optional.of(telling.opened());
      case APPROVAL_SETTLED -> telling.settled();
      case APPROVAL_REMINDED -> Optional.of(telling.reminded());
      case FINDING_RAISED -> Optional.of(telling.found());
      case RESUMPTION_REQUESTED -> Optional.of(telling.resumption());
      case APPLY_REQUESTED -> Optional.of(telling.change());
      case APPLY_SETTLED -> Optional.of(telling.changeSettled());
      case ENFORCEMENT_REQUESTED -> Optional.of(telling.observation());
      case ENFORCEMENT_CHANGED -> Optional.of(telling.enforcement());
      case EMERGENCY_REQUESTED -> Optional.of(telling.glass());
      case EMERGENCY_SETTLED -> Optional.of(telling.glassSettled());
      case EMERGENCY_ENDED -> Optional.of(telling.glassEnded());
      // Everything else asks nobody.
      default -> Optional.empty();
    };
  }

  /// Returns what is sent to see whether a channel works.
  Message trial(String id, PersonName by, Instant now) {
    return new Message(
        id,
        id,
        About.APPROVALS,
        "",
        now,
        "This channel works: `" + by + "` has tried it",
        List.of(new Fact("Sent by", publicUrl)),
        Optional.empty(),
        URI.create(publicUrl + "/console"),
        Set.of(),
        new Recipients(registered.get(), now).only(by));
  }

  /// One entry that is being told.
  private final class Telling {
    private final Outgoing out;
    private final RecordedEntry entry;
    private final Recipients recipients;
    private final List<Fact> facts = new ArrayList<>();

    private Telling(Outgoing out, Recipients recipients) {
      this.out = out;
      this.entry = out.entry();
      this.recipients = recipients;
    }

    private Message opened() {
      var roles = roles("roles");
      about();
      fact("Needs", roles.stream().map(Role::word).sorted().collect(Collectors.joining(", ")));
      fact("Answer until", said("lapsesAt"));
      var to = recipients.whoHolds(roles, owner());
      unanswerable(to);
      return approval("A call of workflow `" + named(out.workflow()) + "` waits", roles, to);
    }

    /// Again, to whoever could still answer; after a while the workflow's own contact, too.
    private Message reminded() {
      boolean escalated = entry.content().path("escalated").asBoolean(false);
      about();
      fact("Answer until", said("lapsesAt"));
      var roles = roles("roles");
      var to = recipients.whoHolds(roles, owner());
      if (escalated) {
        recipients
            .workflow(out.workflow())
            .ifPresent(workflow -> fact("Reach", workflow.escalation()));
      }
      var title = "A call of workflow `" + named(out.workflow()) + "` still waits";
      return approval(escalated ? title + ", and nobody answers" : title, roles, to);
    }

    private Optional<Message> settled() {
      var whose = "call of workflow `" + named(out.workflow()) + "`";
      var by = named(said("by")) + standIn();
      var title =
          switch (said("outcome")) {
            case "granted" -> "A held " + whose + " was approved by " + by;
            case "declined" -> "A held " + whose + " was declined by " + by;
            case "lapsed" -> "Nobody answered a held " + whose + " in time; it was not made";
            case "void" -> "An approval for a " + whose + " does not hold any more";
            // That the call was made is no news to who approved it.
            case "consumed" -> "";
            default -> "A held " + whose + " is " + named(said("outcome"));
          };
      if (title.isEmpty()) {
        return Optional.empty();
      }
      about();
      return Optional.of(approval(title, Set.of(Role.OWNER), recipients.ownerOf(out.workflow())));
    }

    private String standIn() {
      return entry.text("for").map(name -> " for " + named(name)).orElse("");
    }

    private void about() {
      fact("Workflow", out.workflow());
      fact("Identity", said("identity"));
      fact("Intent", said("intent"));
      fact("Resource", said("resource"));
    }

    private Message approval(String title, Set<Role> roles, Set<PersonName> to) {
      var id = said("approval");
      var wants = said("method") + " " + said("target");
      return message(
          About.APPROVALS, id, title, quoted("Wants", wants), "/approvals/" + id, roles, to);
    }

    private Message found() {
      var role = role();
      var kind = named(said("kind"));
      fact("Severity", said("severity"));
      fact("About", Plain.quoted(said("subject"), NAME_MAX));
      var to =
          role == Role.OWNER && !out.workflow().isEmpty()
              ? recipients.ownerOf(out.workflow())
              : recipients.whoHolds(Set.of(role), Optional.empty());
      return message(
          About.FINDINGS,
          said("id"),
          "Finding: " + kind + " (" + named(said("severity")) + ")",
          quoted("Seen", said("summary")),
          "/findings",
          Set.of(role),
          to);
    }

    private Role role() {
      try {
        return Word.parse(Role.class, said("role"));
      } catch (IllegalArgumentException e) {
        return Role.SECURITY; // Of a later version, whose word we do not know.
      }
    }

    private Message resumption() {
      fact("What", said("kind") + " " + said("name"));
      fact("Asked by", said("by"));
      fact("Agree until", said("lapsesAt"));
      var roles = Set.of(Role.SECURITY, Role.ADMIN);
      return message(
          About.RESUMPTIONS,
          said("id"),
          "`" + named(said("by")) + "` asks to end a suspension; another person has to agree",
          quoted("Because", said("reason")),
          party(),
          roles,
          recipients.whoHolds(roles, person("by")));
    }

    /// Where somebody suspended is shown, and the wish to let them go on.
    private String party() {
      return switch (said("kind")) {
        case "identity" -> "/identities/" + said("name");
        case "workflow" -> "/workflows/" + said("name");
        default -> "";
      };
    }

    private Message change() {
      fact("Asked by", said("by"));
      fact("Changes", Long.toString(entry.content().path("changes").asLong(0)));
      fact("Why two people", said("why"));
      fact("Agree until", said("lapsesAt"));
      fact("Command", "remit apply-requests agree " + said("id"));
      var roles = Set.of(Role.SECURITY, Role.ADMIN, Role.OWNER);
      return message(
          About.APPLY_REQUESTS,
          said("id"),
          "A change of production by `" + named(said("by")) + "` waits for a second person",
          Optional.empty(),
          "",
          roles,
          recipients.whoHolds(roles, person("by")));
    }

    private Message changeSettled() {
      fact("Outcome", said("outcome"));
      fact("By", said("by"));
      return message(
          About.APPLY_REQUESTS,
          said("request"),
          "A change of production was " + named(said("outcome")) + " by " + named(said("by")),
          Optional.empty(),
          "",
          Set.of(Role.OWNER),
          person("requestedBy").map(recipients::only).orElse(Set.of()));
    }

    private Message observation() {
      fact("Asked by", said("by"));
      fact("For", Long.toString(entry.content().path("seconds").asLong(0)) + " s");
      fact("Agree until", said("lapsesAt"));
      return message(
          About.ENFORCEMENT,
          said("id"),
          "`" + named(said("by")) + "` asks for policy to be observed only",
          Optional.empty(),
          "",
          Set.of(Role.BREAK_GLASS),
          recipients.whoHolds(Set.of(Role.BREAK_GLASS), person("by")));
    }

    private Message enforcement() {
      boolean observed = said("mode").equals("observe");
      fact("By", said("by"));
      fact("Until", said("until"));
      return message(
          About.ENFORCEMENT,
          said("request"),
          observed ? "POLICY IS NOT ENFORCED" : "Policy is enforced again",
          Optional.empty(),
          "",
          Set.of(Role.SECURITY, Role.BREAK_GLASS),
          recipients.whoHolds(Set.of(Role.SECURITY, Role.BREAK_GLASS), Optional.empty()));
    }

    private Message glass() {
      fact("Asked by", said("by"));
      fact("Identity", said("identity"));
      fact("Resource", said("resource"));
      fact("Tool", said("tool"));
      fact("Calls", Long.toString(entry.content().path("calls").asLong(0)));
      fact("For", Long.toString(entry.content().path("seconds").asLong(0)) + " s");
      fact("Agree until", said("lapsesAt"));
      return emergency(
          said("id"),
          "EMERGENCY: `"
              + named(said("by"))
              + "` asks to break glass for workflow `"
              + named(out.workflow())
              + "`",
          breakers,
          recipients.whoHolds(breakers, person("by")));
    }

    /// Whoever has to know hears of it, wanted or not: security, the owner, the workflow's contact.
    private Message glassSettled() {
      var outcome = said("outcome");
      boolean alone = outcome.equals("alone");
      fact("Outcome", outcome);
      fact("By", said("by"));
      fact("Until", said("expiresAt"));
      fact("To be reviewed by", said("reviewBy"));
      boolean open = alone || outcome.equals("agreed");
      return emergency(
          said("of"),
          open
              ? "GLASS IS BROKEN for workflow `"
                  + named(out.workflow())
                  + "`"
                  + (alone ? ", BY ONE PERSON ALONE" : "")
              : "No glass is broken for workflow `" + named(out.workflow()) + "`",
          knowing,
          knowing());
    }

    private Message glassEnded() {
      fact("Why", said("why"));
      fact("By", said("by"));
      return emergency(
          said("of"),
          "Policy holds again for workflow `"
              + named(out.workflow())
              + "`; somebody who had no part in it reviews the emergency",
          knowing,
          knowing());
    }

    private Set<PersonName> knowing() {
      recipients
          .workflow(out.workflow())
          .ifPresent(workflow -> fact("Escalation contact", workflow.escalation()));
      var all = new HashSet<>(recipients.whoHolds(knowing, Optional.empty()));
      all.addAll(recipients.ownerOf(out.workflow()));
      return all;
    }

    private Message emergency(String id, String title, Set<Role> roles, Set<PersonName> to) {
      return message(About.EMERGENCIES, id, title, Optional.empty(), "/emergencies", roles, to);
    }

    private Message message(
        About about,
        String thread,
        String title,
        Optional<Fact> quoted,
        String page,
        Set<Role> roles,
        Set<PersonName> to) {
      return new Message(
          out.id(),
          thread.isEmpty() ? out.id() : Plain.line(thread, NAME_MAX),
          about,
          out.workflow(),
          entry.at(),
          title,
          facts,
          quoted,
          URI.create(publicUrl + "/console" + page),
          roles,
          to);
    }

    /// Nobody who could answer is here: the workflow says whom to reach then.
    private void unanswerable(Set<PersonName> to) {
      if (to.isEmpty()) {
        recipients
            .workflow(out.workflow())
            .ifPresent(
                workflow -> fact("Nobody who may answer is here. Reach", workflow.escalation()));
      }
    }

    private Optional<PersonName> owner() {
      return recipients.workflow(out.workflow()).map(Workflow::owner);
    }

    private Optional<PersonName> person(String member) {
      return entry.text(member).filter(name -> !name.contains(":")).map(PersonName::new);
    }

    private Set<Role> roles(String member) {
      return entry
          .content()
          .path(member)
          .valueStream()
          .map(word -> Word.parse(Role.class, word.asString("")))
          .collect(Collectors.toUnmodifiableSet());
    }

    private Optional<Fact> quoted(String name, String text) {
      return text.isBlank()
          ? Optional.empty()
          : Optional.of(new Fact(name, Plain.quoted(text, QUOTED_MAX)));
    }

    private void fact(String name, String value) {
      if (!value.isEmpty()) {
        facts.add(new Fact(name, Plain.line(value, NAME_MAX)));
      }
    }

    private String named(String name) {
      return Plain.line(name, NAME_MAX);
    }

    private String said(String member) {
      return entry.text(member).orElse("");
    }
  }
}
