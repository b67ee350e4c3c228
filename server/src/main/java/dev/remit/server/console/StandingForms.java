package dev.remit.server.console;

import static dev.remit.server.page.Html.element;
import static dev.remit.server.page.Html.text;

import dev.remit.kernel.identity.ResumptionId;
import dev.remit.kernel.identity.Word;
import dev.remit.server.http.Reply;
import dev.remit.server.page.Html;
import dev.remit.server.page.Html.Element;
import dev.remit.server.tokens.Party;
import dev.remit.server.tokens.PartyStanding;
import dev.remit.server.tokens.Resumption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// Stopping an identity or a workflow from its page, and the way back, which takes two people.
final class StandingForms {
  private static final int SHOWN_MAX = 50;

  /// Where everything is that is suspended.
  static final String SUSPENSIONS = "/console/suspensions";

  private final Sources sources;

  StandingForms(Sources sources) {
    this.sources = sources;
  }

  /// The page of a party; that of all suspensions where it has none of its own.
  static String page(Party party) {
    return switch (party.kind()) {
      case IDENTITY -> Parts.identity(party.name());
      case WORKFLOW -> Parts.workflow(party.name());
      case PERSON, RESOURCE, MODEL, KEY -> SUSPENSIONS;
    };
  }

  private static String resume(Party party) {
    return switch (party.kind()) {
      case IDENTITY, WORKFLOW -> page(party) + "/resume";
      case PERSON, RESOURCE, MODEL, KEY ->
          SUSPENSIONS + "/" + party.kind().word() + "/" + Parts.encoded(party.name()) + "/resume";
    };
  }

  /// Everything that is suspended, with the way out of it.
  Reply all(Visit visit, Frame frame) {
    var body = new ArrayList<Html>();
    var all = sources.authorization().standings().suspended();
    if (all.isEmpty()) {
      body.add(Parts.card("Suspended now", Parts.soft("Nothing is suspended.")));
    }
    all.stream()
        .sorted(Comparator.comparing(PartyStanding::since).reversed())
        .limit(SHOWN_MAX)
        .forEach(one -> body.add(suspended(visit, one, one.party().toString())));
    if (all.size() > SHOWN_MAX) {
      body.add(Parts.soft("The last " + SHOWN_MAX + " of " + Wording.count(all.size()) + "."));
    }
    return frame.page(
        visit,
        Frame.Place.OVERVIEW,
        "Suspensions",
        "What was stopped, what that came to, and who has to agree before it goes on.",
        body);
  }

  /// @param stops what will end at once, in words
  Element card(Visit visit, Party party, String stops) {
    var standing = sources.authorization().standings().of(party).filter(PartyStanding::suspended);
    return standing
        .map(one -> suspended(visit, one, "Standing"))
        .orElseGet(() -> active(visit, party, stops));
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

  private Element suspended(Visit visit, PartyStanding standing, String heading) {
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
              .form(resume(standing.party()))
              .holding(
                  Parts.reason("Why it may act again"),
                  Parts.submit("", "answer", "resume", "Ask a second person to resume it")));
    }
    return Parts.card(heading, inner);
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
    var asked =
        new Wish(
            "resume",
            wish.requestedBy(),
            "that it may act again",
            wish.reason(),
            Optional.of(wish.lapsesAt()),
            page(wish.party()),
            !wish.requestedBy().equals(visit.name()) && may(visit, wish.party()));
    return new WishForm(
            "/console/resumptions/" + wish.id().value(),
            wish.requestedBy(),
            "Agree: let it act again",
            "Decline: it stays suspended",
            false,
            Visit::unfresh)
        .card(visit, asked, asked.asksVisitor(), "another person who could have suspended it");
  }

  /// Asks for one that has no page of its own.
  Reply resume(Visit visit) {
    return resume(visit, visit.call().param("kind", word -> Word.parse(Party.Kind.class, word)));
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
    // To let go on what somebody stopped is as serious whatever it is; to leave it stopped never.
    var unfresh = visit.agrees() ? visit.unfresh() : Optional.<Reply>empty();
    return unfresh.orElseGet(() -> {
      var standing =
          sources
              .authorization()
              .stopping()
              .answer(id, visit.person(), visit.agrees(), visit.now());
      return Visit.seeOther(page(standing.party()));
    });
  }
}
