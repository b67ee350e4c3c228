package dev.remit.server.console;

import static dev.remit.server.page.Html.element;
import static dev.remit.server.page.Html.hidden;

import dev.remit.kernel.identity.Role;
import dev.remit.server.http.Reply;
import dev.remit.server.page.Document;
import dev.remit.server.page.Html;
import dev.remit.server.page.Html.Element;
import dev.remit.server.page.Page;
import dev.remit.server.signin.Visits;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/// What is around every page: the way past the navigation, the navigation with what waits for the
/// person, who they are, and signing out.
final class Frame {
  /// Who reads what was decided.
  static final Set<Role> READ_DECISIONS =
      EnumSet.of(Role.OWNER, Role.APPROVER, Role.SECURITY, Role.AUDITOR, Role.ADMIN);

  /// Who reads the ledger, entry by entry.
  static final Set<Role> READ_LEDGER = EnumSet.of(Role.AUDITOR, Role.SECURITY, Role.ADMIN);

  private static final String SIGN_OUT = "/sign-out";

  private final Needs needs;

  Frame(Needs needs) {
    this.needs = needs;
  }

  /// The places that the navigation leads to.
  enum Place {
    OVERVIEW("/console", "Overview"),
    ACTIVITY("/console/activity", "Activity"),
    APPROVALS("/console/approvals", "Approvals"),
    WORKFLOWS("/console/workflows", "Workflows"),
    IDENTITIES("/console/identities", "Identities"),
    POLICIES("/console/policies", "Policies"),
    CHANGES(ChangePages.PATH, "Changes"),
    EVALUATIONS(EvaluationPages.PATH, "Evaluations"),
    FINDINGS("/console/findings", "Findings"),
    LEDGER("/console/ledger", "Ledger");

    private final String path;
    private final String title;

    Place(String path, String title) {
      this.path = path;
      this.title = title;
    }

    private boolean isFor(Visit visit) {
      return switch (this) {
        case ACTIVITY -> visit.holdsAny(READ_DECISIONS);
        case LEDGER -> visit.holdsAny(READ_LEDGER);
        case OVERVIEW, APPROVALS, WORKFLOWS, IDENTITIES, POLICIES, CHANGES, EVALUATIONS, FINDINGS ->
            true;
      };
    }
  }

  /// @param lede one sentence beneath the heading; may be empty
  Reply page(Visit visit, Place place, String title, String lede, List<? extends Html> body) {
    return page(visit, place, title, lede, body, List.of());
  }

  /// @param scripts beside the one of every page
  Reply page(
      Visit visit,
      Place place,
      String title,
      String lede,
      List<? extends Html> body,
      List<String> scripts) {
    var main = new ArrayList<Html>();
    main.add(element("h1").saying(title));
    if (!lede.isEmpty()) {
      main.add(element("p").with("class", "lede").saying(lede));
    }
    main.addAll(body);
    var all = new ArrayList<>(scripts);
    all.add(Assets.SCRIPT);
    return new Document(
            200,
            title + " · Remit",
            List.of(Page.STYLESHEET, Assets.STYLESHEET),
            all,
            List.of(),
            element("body")
                .with("class", "console")
                .holding(
                    element("a").with("class", "skip").with("href", "#main").saying("Skip to page"),
                    navigation(visit, place),
                    element("main").with("id", "main").with("tabindex", "-1").holding(main)))
        .reply();
  }

  private Element navigation(Visit visit, Place here) {
    var waiting = needs.of(visit);
    var links = new ArrayList<Html>();
    for (var place : Place.values()) {
      if (place.isFor(visit)) {
        var link = element("a").with("href", place.path).saying(place.title);
        int count =
            switch (place) {
              case APPROVALS -> waiting.approvals().size() + waiting.wishesOfMine().size();
              case FINDINGS -> waiting.findings().size();
              case CHANGES -> waiting.wishesOfMine(Wishes.CHANGE).size();
              case OVERVIEW, ACTIVITY, WORKFLOWS, IDENTITIES, POLICIES, EVALUATIONS, LEDGER -> 0;
            };
        if (count > 0) {
          link =
              link.holding(
                  Parts.span("n", Integer.toString(count))
                      .holding(Parts.span("unseen", " for you")));
        }
        links.add(place == here ? link.with("aria-current", "page") : link);
      }
    }
    return element("header")
        .holding(
            element("p").with("class", "brand").holding(Parts.link("/console", "remit")),
            element("nav").with("aria-label", "Main").holding(links),
            element("form")
                .with("class", "person")
                .with("method", "post")
                .with("action", SIGN_OUT)
                .holding(
                    hidden(Visits.TOKEN, visit.visits().token(visit.call(), "sign-out")),
                    element("p")
                        .holding(
                            element("a")
                                .with("href", AccountPages.PATH)
                                .holding(Parts.strong(visit.name().value())),
                            Parts.span("soft", Wording.words(visit.person().roles()))),
                    element("button")
                        .with("type", "submit")
                        .with("class", "btn")
                        .saying("Sign out")));
  }
}
