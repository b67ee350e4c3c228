package dev.remit.server.console;

import static dev.remit.server.page.Html.element;
import static dev.remit.server.page.Html.text;

import dev.remit.kernel.identity.FindingId;
import dev.remit.kernel.identity.Role;
import dev.remit.server.findings.Finding;
import dev.remit.server.findings.Findings;
import dev.remit.server.http.Call;
import dev.remit.server.http.Problem;
import dev.remit.server.http.ProblemException;
import dev.remit.server.http.Reply;
import dev.remit.server.page.Html;
import dev.remit.server.page.Html.Element;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.Set;

/// What looks wrong, how bad it is, who must act, and saying that one is done with it.
final class FindingPage {
  static final Set<Role> MAY_CLOSE = EnumSet.of(Role.OWNER, Role.SECURITY);

  private final Findings findings;
  private final Frame frame;

  FindingPage(Findings findings, Frame frame) {
    this.findings = findings;
    this.frame = frame;
  }

  /// Where on the page a finding stands.
  static String anchor(Finding finding) {
    return "f-" + finding.id().value();
  }

  private static String path(FindingId id) {
    return "/console/findings/" + id.value() + "/close";
  }

  Reply list(Visit visit) {
    boolean alsoClosed = visit.call().query("closed").filter("true"::equals).isPresent();
    var found = findings.newest(alsoClosed);
    var body = new ArrayList<Html>();
    body.add(
        Parts.sentence(
            alsoClosed
                ? Parts.link("/console/findings", "Only open ones")
                : Parts.link("/console/findings?closed=true", "Closed ones, too"),
            text(" · "),
            Parts.link(ExceptionPages.PATH, "Accepted for a while")));
    if (found.isEmpty()) {
      body.add(Parts.card("Findings", Parts.soft("Nothing looks wrong, as far as Remit can see.")));
    }
    found.forEach(finding -> body.add(card(visit, finding)));
    return frame.page(
        visit,
        Frame.Place.FINDINGS,
        "Findings",
        Wording.count(findings.count(), "finding")
            + " open; the newest 200 are shown, those seen last first.",
        body);
  }

  private static Element card(Visit visit, Finding finding) {
    var inner = new ArrayList<Html>();
    inner.add(
        Parts.sentence(
            Parts.pill(finding.severity().word()),
            text(" for " + finding.forRole().word() + " · " + finding.kind())));
    inner.add(element("p").with("class", "next").saying(finding.remedy()));
    inner.add(
        Parts.soft(
            "About "
                + finding.subject()
                + "; seen "
                + Wording.count(finding.times(), "time")
                + ", first "
                + Wording.moment(finding.raisedAt(), visit.now())
                + ", last "
                + Wording.moment(finding.seenAt(), visit.now())
                + " UTC."));
    finding
        .closed()
        .ifPresent(closed ->
            inner.add(
                Html.p(
                    "Closed by "
                        + closed.by()
                        + " at "
                        + Wording.moment(closed.at(), visit.now())
                        + ": "
                        + closed.reason())));
    if (finding.closed().isEmpty() && visit.holdsAny(MAY_CLOSE)) {
      inner.add(
          element("details")
              .holding(
                  element("summary").saying("Close it"),
                  visit
                      .form(path(finding.id()))
                      .holding(
                          Parts.reason("What was done about it, or why nothing has to be"),
                          Html.p("What is seen again after that is raised as another finding."),
                          Parts.submit("", "answer", "close", "Close this finding"))));
    }
    if (finding.closed().isEmpty() && visit.holdsAny(ExceptionPages.MAY_ASK)) {
      inner.add(ExceptionPages.form(visit, finding.id()));
    }
    return Parts.card(finding.summary(), inner).with("id", anchor(finding));
  }

  Reply close(Visit visit) {
    Call call = visit.call();
    var id = call.param("id", FindingId::new);
    return switch (findings.close(id, visit.name(), visit.reason(), visit.now())) {
      case Findings.Closing.Done _ -> Visit.seeOther("/console/findings");
      case Findings.Closing.Already(var closed) ->
          throw new ProblemException(
              new Problem(
                  409,
                  "already-closed",
                  "`" + closed.by() + "` closed it at " + closed.at(),
                  "nothing is left to be done; if it is seen again it is raised anew"));
      case Findings.Closing.Unknown() ->
          throw new ProblemException(Problem.notFound("finding `" + id + "`"));
    };
  }
}
