package dev.remit.server.console;

import static dev.remit.server.page.Html.element;
import static dev.remit.server.page.Html.text;

import dev.remit.kernel.identity.ResumptionId;
import dev.remit.server.http.Reply;
import dev.remit.server.page.Html;
import dev.remit.server.page.Html.Element;
import dev.remit.server.tokens.Party;
import dev.remit.server.tokens.PartyStanding;
import dev.remit.server.tokens.Resumption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.JsonNode;

/// Stopping an identity or a workflow from its page, and the way back, which takes two people.
final class StandingForms {
  private final Sources sources;

  StandingForms(Sources sources) {
    this.sources = sources;
  }

  /// The page of a party; that of all suspensions where it has none of its own.
  static String page(Party party) {
    return switch (party.kind()) {
      case IDENTITY -> Parts.identity(party.name());
      case WORKFLOW -> Parts.workflow(party.name());
      case PERSON, RESOURCE, MODEL, KEY -> "/console";
    };
  }

  /// @param stops what will end at once, in words
  Element card(Visit visit, Party party, String stops) {
    var standing = sources.authorization().standings().of(party).filter(PartyStanding::suspended);
    return standing.map(one -> suspended(visit, one)).orElseGet(() -> active(visit, party, stops));
  }

  private Element active(Visit visit, Party party, String stops) {
    if (!may(visit, party)) {
      return Parts.card(
          "Standing",
          Html.p(
              "Active. The owner of its workflow, security or an administrator can suspend it."));
    }
    return Parts.card(
        "Standing",
        Html.p("Active."),
        element("details")
            .holding(
                element("summary").saying("Suspend " + party.name()),
                visit
                    .form(page(party) + "/suspend")
                    .holding(
                        Html.p("This stops at once, at every node: " + stops),
                        Html.p("To let it go on takes you and a second person."),
                        Parts.reason("Why it must stop"),
                        Parts.submit("danger", "answer", "suspend", "Suspend " + party.name()))));
  }

  private boolean may(Visit visit, Party party) {
    return sources.authorization().stopping().may(party.kind(), party.name(), visit.person());
  }

  private Element suspended(Visit visit, PartyStanding standing) {
    var inner = new ArrayList<Html>();
    inner.add(
        Parts.notice(
            "Suspended by "
                + standing.by()
                + " at "
                + Wording.moment(standing.since(), visit.now())
                + " UTC: "
                + standing.reason()));
    inner.add(
        sources
            .authorization()
            .standings()
            .controls()
            .outcome(standing)
            .map(StandingForms::measured)
            .orElseGet(() -> Parts.soft("What it has come to is being measured; reload.")));
    var wish =
        sources.authorization().resumptions().open().stream()
            .filter(one -> one.party().equals(standing.party()))
            .filter(one -> visit.now().isBefore(one.lapsesAt()))
            .findFirst();
    if (wish.isPresent()) {
      inner.add(wish(visit, wish.get()));
    } else if (may(visit, standing.party())) {
      inner.add(
          visit
              .form(page(standing.party()) + "/resume")
              .holding(
                  Parts.reason("Why it may act again"),
                  Parts.submit("", "answer", "resume", "Ask a second person to resume it")));
    }
    return Parts.card("Standing", inner);
  }

  /// What the suspension has come to: which parts ended, how many, how fast.
  private static Element measured(JsonNode outcome) {
    var rows = new ArrayList<Element>();
    for (var part : outcome.path("parts")) {
      long left = part.path("left").asLong(0);
      rows.add(
          Parts.cells(
              text(named(part.path("part").asString(""))),
              text(Wording.count(part.path("count").asLong(0))),
              text(left == 0 ? "none" : Wording.count(left)),
              text(part.path("millis").asLong(0) + " ms")));
    }
    return Parts.table(
        "What the suspension has come to", List.of("What", "Ended", "Left", "Seen after"), rows);
  }

  private static String named(String part) {
    return switch (part) {
      case "tokens" -> "nodes that refuse its tokens";
      case "streams" -> "open calls cut";
      case "holds" -> "held calls cancelled";
      case "credentials" -> "credentials of databases";
      default -> part.toLowerCase(Locale.ROOT);
    };
  }

  private Element wish(Visit visit, Resumption wish) {
    var says =
        Html.p(
            wish.requestedBy()
                + " asks that it may act again: "
                + wish.reason()
                + " (until "
                + Wording.moment(wish.lapsesAt(), visit.now())
                + " UTC)");
    if (wish.requestedBy().equals(visit.name())) {
      return Parts.div(
          "wish", says, Parts.soft("You asked for it, so somebody else has to agree."));
    }
    if (!may(visit, wish.party())) {
      return Parts.div("wish", says);
    }
    return Parts.div(
        "wish",
        says,
        visit
            .form("/console/resumptions/" + wish.id().value())
            .holding(
                Parts.div(
                    "actions",
                    Parts.submit("primary", "answer", "agree", "Agree: let it act again"),
                    Parts.submit("", "answer", "decline", "Decline: it stays suspended"))));
  }

  Reply suspend(Visit visit, Party.Kind kind) {
    var name = visit.call().param("name");
    var standing =
        sources
            .authorization()
            .stopping()
            .suspend(kind, name, visit.person(), visit.reason(), visit.now());
    return Visit.seeOther(page(standing.party()));
  }

  Reply resume(Visit visit, Party.Kind kind) {
    var name = visit.call().param("name");
    var asked =
        sources
            .authorization()
            .stopping()
            .ask(kind, name, visit.person(), visit.reason(), visit.now());
    return Visit.seeOther(page(asked.party()));
  }

  Reply answer(Visit visit) {
    var id = visit.call().param("id", ResumptionId::new);
    var standing =
        sources.authorization().stopping().answer(id, visit.person(), visit.agrees(), visit.now());
    return Visit.seeOther(page(standing.party()));
  }
}
