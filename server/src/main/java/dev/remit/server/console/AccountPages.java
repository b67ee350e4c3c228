package dev.remit.server.console;

import static dev.remit.server.page.Html.element;
import static dev.remit.server.page.Html.hidden;
import static dev.remit.server.page.Html.text;

import dev.remit.kernel.identity.PersonName;
import dev.remit.kernel.identity.Role;
import dev.remit.server.http.Problem;
import dev.remit.server.http.ProblemException;
import dev.remit.server.http.Reply;
import dev.remit.server.page.Html;
import dev.remit.server.page.Html.Element;
import dev.remit.server.registry.Applied;
import dev.remit.server.registry.Person;
import dev.remit.server.registry.Person.Delegate;
import dev.remit.server.registry.Person.Period;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// A person's own page: what they may do here, when they are away, and who stands in for them.
final class AccountPages {
  static final String PATH = "/console/account";

  private static final DateTimeFormatter MINUTE =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm", Locale.ROOT).withZone(ZoneOffset.UTC);
  private static final Set<Role> LENDABLE = EnumSet.of(Role.APPROVER, Role.OWNER, Role.SECURITY);

  private final Sources sources;
  private final Frame frame;

  AccountPages(Sources sources, Frame frame) {
    this.sources = sources;
    this.frame = frame;
  }

  Reply show(Visit visit) {
    var person = person(visit);
    var body = new ArrayList<Html>();
    body.add(
        Parts.card(
            "Who you are here",
            Parts.facts(
                Parts.Fact.of("Name", person.displayName() + " (" + person.name() + ")"),
                Parts.Fact.of("E-mail", person.email().orElse("")),
                Parts.Fact.of("Roles", Wording.words(person.roles())),
                Parts.Fact.of(
                    "Account of", person.accountOf().map(Object::toString).orElse("yourself")))));
    body.add(absence(visit, person));
    body.add(delegates(visit, person));
    return frame.page(
        visit,
        Frame.Place.OVERVIEW,
        "Your account",
        "When you are away, and who answers held calls in your place. Times are UTC.",
        body);
  }

  private Person person(Visit visit) {
    return sources
        .registered()
        .get()
        .person(visit.name())
        .orElseThrow(() -> new ProblemException(Problem.notFound("person `" + visit.name() + "`")));
  }

  private static Element absence(Visit visit, Person person) {
    var inner = new ArrayList<Html>();
    inner.add(
        Html.p(
            "Absence takes no role away. What would ask you goes to who stands in for you, and"
                + " where there is nobody to the contact of the workflow."));
    person
        .absent()
        .filter(period -> visit.now().isBefore(period.until()))
        .ifPresent(period -> {
          inner.add(Parts.notice("You are away " + said(visit, period) + "."));
          inner.add(
              visit
                  .form(PATH + "/back")
                  .holding(Parts.submit("", "answer", "back", "I am not away")));
        });
    inner.add(
        visit
            .form(PATH + "/away")
            .holding(moment("Away from", "from", visit.now()))
            .holding(moment("Back at", "until", visit.now().plus(7, ChronoUnit.DAYS)))
            .holding(Parts.submit("", "answer", "away", "I am away")));
    return Parts.card("When you are away", inner);
  }

  private static String said(Visit visit, Period period) {
    return "from "
        + Wording.moment(period.from(), visit.now())
        + " to "
        + Wording.moment(period.until(), visit.now())
        + " UTC";
  }

  /// As every page writes a time: a browser's own field would write it in its own country's order,
  /// and take it for the time of day there.
  private static Element moment(String label, String name, Instant at) {
    return Parts.field(
        label + ", UTC",
        element("input")
            .with("type", "text")
            .with("name", name)
            .with("required", "required")
            .with("inputmode", "numeric")
            .with("autocomplete", "off")
            .with("pattern", "[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}")
            .with("title", "year-month-day hour:minute, in UTC")
            .with("value", MINUTE.format(at)));
  }

  private Element delegates(Visit visit, Person person) {
    var inner = new ArrayList<Html>();
    inner.add(
        Html.p(
            "They answer under their own name, for you, and both are recorded. Nobody answers what"
                + " they ask for themselves."));
    for (var one : person.delegates()) {
      inner.add(
          Parts.div(
              "wish",
              Html.p(
                  one.to()
                      + " as "
                      + Wording.words(one.roles())
                      + ", "
                      + said(visit, one.period())),
              visit
                  .form(PATH + "/delegates/end")
                  .holding(
                      hidden("to", one.to().value()),
                      hidden("since", one.period().from().toString()),
                      Parts.submit("danger", "answer", "end", "End it: " + one.to()))));
    }
    var mine = person.roles().stream().filter(LENDABLE::contains).sorted().toList();
    inner.add(
        mine.isEmpty()
            ? Parts.soft("You hold no role that could be lent: approver, owner or security.")
            : form(visit, mine));
    return Parts.card("Who stands in for you", inner);
  }

  private static Element form(Visit visit, List<Role> mine) {
    var roles = element("fieldset").holding(element("legend").saying("With which of your roles"));
    for (var role : mine) {
      roles =
          roles.holding(
              element("label")
                  .with("class", "choice")
                  .holding(
                      element("input")
                          .with("type", "checkbox")
                          .with("name", "role-" + role.word())
                          .with("value", "yes"),
                      text(" " + role.word())));
    }
    return Parts.fold(
        "Name somebody",
        visit
            .form(PATH + "/delegates")
            .holding(Parts.field("Their name here", ActivityPage.input("to", "")))
            .holding(roles)
            .holding(moment("From", "from", visit.now()))
            .holding(moment("Until", "until", visit.now().plus(7, ChronoUnit.DAYS)))
            .holding(
                Html.p("Where something is in production, a second person has to agree to it."),
                Parts.submit("", "answer", "name", "Let them stand in")));
  }

  Reply away(Visit visit) {
    return done(sources.account().away(visit.name(), Optional.of(period(visit)), visit.now()));
  }

  Reply back(Visit visit) {
    return done(sources.account().away(visit.name(), Optional.empty(), visit.now()));
  }

  Reply delegate(Visit visit) {
    var roles = EnumSet.noneOf(Role.class);
    for (var role : LENDABLE) {
      if (visit.call().form().containsKey("role-" + role.word())) {
        roles.add(role);
      }
    }
    if (roles.isEmpty()) {
      throw bad("with which of your roles they answer is missing", "choose one or more");
    }
    var delegate = new Delegate(to(visit), roles, period(visit));
    return done(sources.account().delegate(visit.name(), delegate, visit.now()));
  }

  Reply endDelegate(Visit visit) {
    try {
      var since = Instant.parse(visit.call().form().getOrDefault("since", ""));
      return done(sources.account().endDelegate(visit.name(), to(visit), since, visit.now()));
    } catch (DateTimeException e) {
      throw bad("the form names no time", "reload the page and press the button again");
    }
  }

  private static PersonName to(Visit visit) {
    try {
      return new PersonName(visit.call().form().getOrDefault("to", "").strip());
    } catch (IllegalArgumentException e) {
      throw bad("who stands in is missing", "give the name that they sign in with");
    }
  }

  private static Period period(Visit visit) {
    try {
      return new Period(moment(visit, "from"), moment(visit, "until"));
    } catch (DateTimeException e) {
      throw bad("a time is missing or is none", "give both as 2026-01-31 12:00, in UTC");
    } catch (IllegalArgumentException e) {
      throw bad("it would end before it begins", "give a later end");
    }
  }

  private static Instant moment(Visit visit, String name) {
    var said = visit.call().form().getOrDefault(name, "").strip().replace(' ', 'T');
    return LocalDateTime.parse(said).toInstant(ZoneOffset.UTC);
  }

  private static ProblemException bad(String detail, String next) {
    return new ProblemException(Problem.badRequest(detail, next));
  }

  private static Reply done(Applied applied) {
    return switch (applied) {
      case Applied.Done _ -> Visit.seeOther(PATH);
      case Applied.Waiting(_, var request) -> Visit.seeOther(ApplyRequestPages.path(request.id()));
      case Applied.Refused(var planned) -> {
        var flaw = planned.flaws().getFirst();
        throw new ProblemException(
            new Problem(409, "manifests-refused", flaw.message(), flaw.remedy()));
      }
      case Applied.Stale _ ->
          throw new ProblemException(
              new Problem(409, "plan-stale", "the registry moved meanwhile", "try again"));
      case Applied.Unknown(var ref) ->
          throw new ProblemException(Problem.notFound("`" + ref + "`"));
    };
  }
}
