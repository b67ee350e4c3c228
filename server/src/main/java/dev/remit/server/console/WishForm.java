package dev.remit.server.console;

import dev.remit.kernel.identity.PersonName;
import dev.remit.server.http.Reply;
import dev.remit.server.page.Html;
import dev.remit.server.page.Html.Element;
import java.util.Optional;
import java.util.function.Function;

/// The form by which a second person answers what another one asks for. The same everywhere:
/// agreeing says what will be so then, declining what stays, and who asked reads why they cannot.
///
/// @param path where it is sent
/// @param by who asked
/// @param agree what agreeing does, such as «Agree: promote it»
/// @param decline what declining leaves
/// @param reasoned whether an answer says why
/// @param unfresh where somebody is sent before they may agree; who declines never is
record WishForm(
    String path,
    PersonName by,
    String agree,
    String decline,
    boolean reasoned,
    Function<Visit, Optional<Reply>> unfresh) {

  /// One that asks nobody to sign in again.
  WishForm(String path, PersonName by, String agree, String decline, boolean reasoned) {
    this(path, by, agree, decline, reasoned, _ -> Optional.empty());
  }

  /// @param may whether the visitor's answer would count
  /// @param who holds the roles that would, in words
  Element shown(Visit visit, boolean may, String who) {
    if (may) {
      var form = visit.form(path);
      if (unfresh.apply(visit).isPresent()) {
        return again(visit, reasoned ? form.holding(Parts.reason("Why you decline")) : form);
      }
      return (reasoned ? form.holding(Parts.reason("Why")) : form)
          .holding(
              Parts.div(
                  "actions",
                  Parts.submit("primary", "answer", "agree", agree),
                  Parts.submit("", "answer", "decline", decline)));
    }
    return by.equals(visit.name())
        ? Parts.soft("You asked for it, so somebody else has to agree: " + who + ".")
        : Parts.soft("It waits for " + who + ".");
  }

  private Element again(Visit visit, Element form) {
    return Parts.div(
        "again",
        Parts.notice("To agree, show first that it is still you; you come back here."),
        Parts.div(
            "actions", Parts.button(visit.visits().again(visit.call()), "Show that it is you")),
        form.holding(Parts.div("actions", Parts.submit("", "answer", "decline", decline))));
  }

  /// Who asked, when it lapses, and the form.
  Element card(Visit visit, Wish wish, boolean may, String who) {
    return Parts.div(
        "wish",
        Html.p(
            wish.by()
                + " asks "
                + wish.says()
                + (wish.because().isEmpty() ? "" : ": " + wish.because())
                + wish.lapsesAt()
                    .map(at -> " (until " + Wording.moment(at, visit.now()) + " UTC)")
                    .orElse("")),
        shown(visit, may, who));
  }
}
