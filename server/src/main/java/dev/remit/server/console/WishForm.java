package dev.remit.server.console;

import dev.remit.kernel.identity.PersonName;
import dev.remit.server.page.Html;
import dev.remit.server.page.Html.Element;

/// The form by which a second person answers what another one asks for. The same everywhere:
/// agreeing says what will be so then, declining what stays, and who asked reads why they cannot.
///
/// @param path where it is sent
/// @param by who asked
/// @param agree what agreeing does, such as «Agree: promote it»
/// @param decline what declining leaves
/// @param reasoned whether an answer says why
record WishForm(String path, PersonName by, String agree, String decline, boolean reasoned) {

  /// @param may whether the visitor's answer would count
  /// @param who holds the roles that would, in words
  Element shown(Visit visit, boolean may, String who) {
    if (may) {
      var form = visit.form(path);
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

  /// Who asked, when it lapses, and the form.
  Element card(Visit visit, Wish wish, boolean may, String who) {
    return Parts.div(
        "wish",
        Html.p(
            wish.by()
                + " asks "
                + wish.says()
                + (wish.because().isEmpty() ? "" : ": " + wish.because())
                + " (until "
                + Wording.moment(wish.lapsesAt(), visit.now())
                + " UTC)"),
        shown(visit, may, who));
  }
}
