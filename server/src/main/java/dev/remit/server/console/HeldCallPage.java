package dev.remit.server.console;

import static dev.remit.server.page.Html.element;
import static dev.remit.server.page.Html.text;

import dev.remit.kernel.identity.Effect;
import dev.remit.kernel.identity.Role;
import dev.remit.kernel.identity.ToolName;
import dev.remit.kernel.ledger.EntryType;
import dev.remit.server.approvals.Allowance;
import dev.remit.server.approvals.Approval;
import dev.remit.server.approvals.Approval.Settlement;
import dev.remit.server.approvals.Binding;
import dev.remit.server.page.Html;
import dev.remit.server.page.Html.Element;
import dev.remit.server.registry.PolicyText;
import dev.remit.server.registry.Tool;
import dev.remit.server.registry.Workflow;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/// Everything that a person needs to answer one held call, on one page and in the order in which
/// they ask themselves: what, may I, what for, how did it go before, what does it rest on.
final class HeldCallPage {
  /// What of a call's arguments is shown; a person reads no more, and the API has all of it.
  static final int SHOWN_CHARS_MAX = 50_000;

  private static final JsonMapper JSON = JsonMapper.shared();

  private final Sources sources;

  HeldCallPage(Sources sources) {
    this.sources = sources;
  }

  String title(Approval approval) {
    return approval.binding().identity() + " wants " + approval.binding().wanted().item();
  }

  String lede(Visit visit, Approval approval) {
    return switch (approval.state()) {
      case PENDING ->
          visit.now().isBefore(approval.lapsesAt())
              ? "Held since "
                  + Wording.moment(approval.openedAt(), visit.now())
                  + " UTC. If nobody answers within "
                  + Wording.span(Duration.between(visit.now(), approval.lapsesAt()))
                  + ", the call does not happen."
              : "Nobody answered in time. The call does not happen.";
      case GRANTED -> "Agreed. The call may be made once, and has not been made yet.";
      case CONSUMED -> "Agreed, and the call was made.";
      case DECLINED -> "Declined. The call does not happen.";
      case LAPSED -> "Nobody answered in time. The call does not happen.";
      case VOID -> "Void: what it was for was stopped or has changed. The call does not happen.";
    };
  }

  List<Html> body(Visit visit, Approval approval) {
    var body = new ArrayList<Html>();
    body.add(asked(approval));
    body.add(answer(visit, approval));
    body.add(context(visit, approval));
    body.add(before(visit, approval));
    body.add(rests(visit, approval));
    return body;
  }

  private Element asked(Approval approval) {
    var tool = tool(approval);
    var inner = new ArrayList<Html>();
    var binding = approval.binding();
    inner.add(
        Parts.facts(
            Parts.Fact.of(
                "Who, and for what",
                binding.identity()
                    + ", for «"
                    + binding.intent()
                    + "» in "
                    + binding.workflow()
                    + purpose(binding)),
            Parts.Fact.of("Why it is held", held(approval)),
            Parts.Fact.of("Tool", Parts.code(binding.wanted().item())),
            Parts.Fact.of(
                "What it does",
                text(
                    tool.map(HeldCallPage::effects).orElse("not a tool: it is read or asked for"))),
            Parts.Fact.of(
                "Data it touches",
                tool.map(one -> Wording.names(one.dataClasses())).orElse("not declared"))));
    inner.add(element("h3").saying("What it wants to send"));
    approval
        .shown()
        .ifPresentOrElse(
            shown -> inner.addAll(sent(shown)),
            () ->
                inner.add(
                    Parts.soft(
                        "Not kept any more: it is shown only while the call may still be made.")));
    return Parts.card("What is asked", inner);
  }

  private String purpose(Binding binding) {
    return sources
        .registered()
        .get()
        .workflow(binding.workflow())
        .map(Workflow::purpose)
        .map(why -> ": " + why)
        .orElse("");
  }

  /// In the words of who wrote the policy, where they left any.
  private String held(Approval approval) {
    return approval.because().stream()
        .map(name ->
            sources.registered().get().policies().stream()
                .filter(policy -> policy.name().value().equals(name))
                .map(PolicyText::description)
                .filter(says -> !says.isBlank())
                .findFirst()
                .orElse(name))
        .collect(Collectors.joining(" "));
  }

  private Optional<Tool> tool(Approval approval) {
    try {
      return sources.registered().get().tool(ToolName.parse(approval.binding().wanted().item()));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static String effects(Tool tool) {
    var says = Wording.words(tool.effects());
    return tool.effects().contains(Effect.DESTRUCTIVE)
        ? says + " — what it does cannot be taken back"
        : says;
  }

  /// Line by line, inert, with what steers text written out, and no longer than can be read.
  private static List<Html> sent(String shown) {
    var pretty = pretty(shown);
    if (pretty.length() <= SHOWN_CHARS_MAX) {
      return List.of(Parts.quoted("What it wants to send", pretty));
    }
    return List.of(
        Parts.notice(
            "This is too long to be read here: "
                + Wording.count(pretty.length())
                + " characters, of which the first "
                + Wording.count(SHOWN_CHARS_MAX)
                + " follow. Do not agree to what you have not read."),
        Parts.quoted(
            "The beginning of what it wants to send", pretty.substring(0, SHOWN_CHARS_MAX)));
  }

  private static String pretty(String shown) {
    try {
      return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(JSON.readTree(shown));
    } catch (JacksonException e) {
      return shown;
    }
  }

  private Element answer(Visit visit, Approval approval) {
    if (approval.state() != Approval.State.PENDING) {
      return Parts.card(
          "Answer",
          Html.p(
              approval
                  .answer()
                  .map(one ->
                      ApprovalPages.word(approval.state())
                          + ", by "
                          + one.by()
                          + " at "
                          + Wording.moment(one.at(), visit.now())
                          + " UTC: "
                          + one.reason())
                  .orElse(ApprovalPages.word(approval.state()))));
    }
    var would =
        sources.approvals().would(approval, visit.name(), visit.person().roles(), visit.now());
    return switch (would) {
      case Settlement.Granted _, Settlement.Declined _, Settlement.NotForTask _ ->
          form(visit, approval, "");
      case Settlement.Counted _ ->
          form(visit, approval, " Somebody else has to agree after you: " + wanted(approval) + ".");
      case Settlement.Lapsed _ -> cannot("It has lapsed. Let the agent call again.");
      case Settlement.Settled _ -> cannot("It is answered already.");
      case Settlement.OwnRequest(var person) ->
          cannot(
              "You cannot answer this: you, "
                  + person
                  + ", own the workflow that asks, and nobody approves their own request. Somebody"
                  + " else with the role "
                  + Wording.words(approval.roles())
                  + " has to.");
      case Settlement.Voided(var broken) ->
          cannot(
              "What it rests on is not so any more: "
                  + broken.how()
                  + ". Let the agent call again.");
      case Settlement.Apart(var person, var duty) ->
          cannot(
              "You cannot answer this: you, "
                  + person
                  + ", are its "
                  + duty.word()
                  + ", and policy keeps that apart from approving. Let a person answer who had no"
                  + " part in it.");
      case Settlement.AgreedAlready _ ->
          cannot("You have agreed. Still wanted: " + wanted(approval) + ".");
      case Settlement.NotAsked(var roles) ->
          cannot(
              "You cannot answer this: it asks for the role "
                  + Wording.words(roles)
                  + ", and you hold "
                  + (visit.person().roles().isEmpty()
                      ? "none"
                      : Wording.words(visit.person().roles()))
                  + ".");
    };
  }

  /// Who else has to agree, in words.
  private static String wanted(Approval approval) {
    return approval.wanted().stream()
        .map(Object::toString)
        .sorted()
        .collect(Collectors.joining(", and "));
  }

  private static Element cannot(String why) {
    return Parts.card("Answer", Parts.notice(why));
  }

  /// Agreeing is the plain button in the first place; declining looks like what it is. Enter in the
  /// field is a new line and sends nothing.
  private static Element form(Visit visit, Approval approval, String more) {
    if (visit.visits().refusal(visit.call(), approval.binding().workflow()).isPresent()) {
      return unfresh(visit, approval);
    }
    return Parts.card(
        "Answer",
        visit
            .form(Parts.approval(approval.id().value()))
            .holding(
                Html.p(
                    "Agreeing lets exactly this call happen, once, and nothing else. Declining"
                        + " stops it; the agent is told, and may ask again."
                        + more),
                Parts.reason("Why"))
            .holding(TaskForm.of(approval).stream().toList())
            .holding(
                Parts.div(
                    "actions",
                    Parts.submit("primary", "answer", "agree", "Agree to this call"),
                    Parts.submit("danger", "answer", "decline", "Decline this call"))));
  }

  /// To decline makes nothing less safe, so it asks for no more than before.
  private static Element unfresh(Visit visit, Approval approval) {
    return Parts.card(
        "Answer",
        Parts.notice(
            "This workflow is of high risk. To agree, show first that it is still you; you come"
                + " back here."),
        Parts.div(
            "actions", Parts.button(visit.visits().again(visit.call()), "Show that it is you")),
        visit
            .form(Parts.approval(approval.id().value()))
            .holding(
                Parts.reason("Why you decline"),
                Parts.div(
                    "actions", Parts.submit("danger", "answer", "decline", "Decline this call"))));
  }

  private Element context(Visit visit, Approval approval) {
    var binding = approval.binding();
    return Parts.card(
        "Who asks",
        Parts.facts(
            Parts.Fact.of(
                "Identity",
                Parts.link(Parts.identity(binding.identity().value()), binding.identity().value())),
            Parts.Fact.of(
                "Workflow",
                Parts.link(Parts.workflow(binding.workflow().value()), binding.workflow().value())),
            Parts.Fact.of("Answers for it", binding.asker().value()),
            Parts.Fact.of("Task", task(visit, binding.task().value())),
            Parts.Fact.of("Held by policy", String.join(", ", approval.because())),
            Parts.Fact.of(
                "Asks",
                approval.terms().quorums().stream()
                    .map(Object::toString)
                    .sorted()
                    .collect(Collectors.joining(", and "))),
            Parts.Fact.of(
                "Have agreed",
                approval.agreements().stream()
                    .map(one -> one.by() + " («" + one.reason() + "»)")
                    .collect(Collectors.joining(", "))),
            Parts.Fact.of("Decision", decision(visit, approval.decision().value()))));
  }

  private static Html task(Visit visit, String id) {
    return visit.holdsAny(Frame.READ_DECISIONS) ? Parts.link(Parts.task(id), id) : Parts.code(id);
  }

  private static Html decision(Visit visit, String id) {
    return visit.holdsAny(Frame.READ_DECISIONS)
        ? Parts.link(Parts.decision(id), id)
        : Parts.code(id);
  }

  private Element before(Visit visit, Approval approval) {
    var rows =
        sources.approvals().before(approval).stream()
            .map(one ->
                Parts.cells(
                    Parts.link(
                        Parts.approval(one.id().value()),
                        Wording.moment(one.openedAt(), visit.now())),
                    text(ApprovalPages.word(one.state())),
                    text(settledBy(one))))
            .toList();
    return Parts.card(
        "The last times",
        rows.isEmpty()
            ? Parts.soft(
                "The first time: "
                    + approval.binding().identity()
                    + " has not been held for "
                    + approval.binding().wanted().item()
                    + " before.")
            : Parts.table(
                "What became of the same wish before", List.of("Asked", "Became", "By"), rows));
  }

  /// Who agreed, also where the call has used the agreement up since: that the ledger knows.
  private String settledBy(Approval approval) {
    var decision = approval.decision().value();
    return sources.logs().holding(decision).stream()
        .flatMap(log -> log.of(decision).stream())
        .filter(entry -> entry.type() == EntryType.APPROVAL_SETTLED)
        .filter(entry -> entry.text("outcome").filter("granted"::equals).isPresent())
        .findFirst()
        .flatMap(entry -> entry.text("by"))
        .or(() -> approval.answer().map(answer -> answer.by()))
        .orElse("");
  }

  /// The machine checks all of it again when the call is made.
  private Element rests(Visit visit, Approval approval) {
    var present = sources.approvals().present();
    var inner = new ArrayList<Html>();
    inner.add(
        Html.p(
            "An agreement is void, by itself, when one of these is not so any more by the time the"
                + " call is made."));
    if (approval.isAlive()) {
      inner.add(
          Parts.table(
              "What an answer rests on",
              List.of("Now", "What is taken for given"),
              approval.assumptions().all().stream()
                  .map(one ->
                      Parts.cells(
                          text(
                              one.brokenIn(present)
                                  .map(broken -> "broken: " + broken.how())
                                  .orElse("holds")),
                          text(one.said())))
                  .toList()));
    } else {
      inner.add(
          Parts.list(approval.assumptions().all().stream().map(one -> text(one.said())).toList()));
    }
    inner.add(
        Parts.facts(
            Parts.Fact.of(
                "What is sent", Parts.code(short12(approval.binding().arguments().value()))),
            Parts.Fact.of("Until", Wording.when(approval.lapsesAt(), visit.now()), text(" UTC"))));
    sources
        .approvals()
        .allowance(approval.id())
        .ifPresent(allowance ->
            inner.add(
                Html.p(
                    "It was agreed to for the task: "
                        + allowance.used()
                        + " of "
                        + allowance.limits().uses()
                        + " calls are used, until "
                        + Wording.moment(allowance.limits().until(), visit.now())
                        + " UTC ("
                        + allowance.state().name().toLowerCase(Locale.ROOT)
                        + ").")));
    takeBack(visit, approval).ifPresent(inner::add);
    return Parts.card("What an answer rests on", inner);
  }

  /// For whoever may end what was agreed to and is not used up.
  private Optional<Element> takeBack(Visit visit, Approval approval) {
    boolean left =
        approval.state() == Approval.State.GRANTED
            || sources
                .approvals()
                .allowance(approval.id())
                .filter(one -> one.state() == Allowance.State.OPEN)
                .isPresent();
    boolean theirs =
        visit.holdsAny(EnumSet.of(Role.SECURITY, Role.ADMIN))
            || visit.name().equals(approval.binding().asker())
            || approval.agreements().stream().anyMatch(one -> one.by().equals(visit.name()));
    if (!left || !theirs) {
      return Optional.empty();
    }
    return Optional.of(
        Parts.fold(
            "Take it back",
            visit
                .form(Parts.approval(approval.id().value()) + "/take-back")
                .holding(
                    Html.p(
                        "No further call is made under it; a later one like it is held again. Calls"
                            + " that were made stay made."),
                    Parts.reason("Why it is taken back"),
                    Parts.submit("danger", "answer", "take-back", "Take it back"))));
  }

  /// Enough of a digest to tell it from another.
  static String short12(String digest) {
    int colon = digest.indexOf(':') + 1;
    return digest.substring(0, Math.min(digest.length(), colon + 12)) + "…";
  }
}
