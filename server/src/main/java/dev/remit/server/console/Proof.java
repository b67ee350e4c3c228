package dev.remit.server.console;

import static dev.remit.server.page.Html.element;
import static dev.remit.server.page.Html.text;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.remit.kernel.canonical.CanonicalJson;
import dev.remit.kernel.ledger.RecordedEntry;
import dev.remit.server.ledger.LedgerReader;
import dev.remit.server.page.Html.Element;
import java.util.Base64;

/// The proof that one record is in its log, with all that it takes to check it: in the browser by
/// the verifier of `docs/verify.html`, or elsewhere by `remit verify`.
final class Proof {
  private Proof() {}

  static Element card(RecordedEntry entry, LedgerReader log, Visit visit) {
    var receipt = log.receipt(entry.index());
    var keys = log.logKeys().text().strip();
    var bytes = CanonicalJson.bytes(entry.content());
    var card =
        Parts.card(
                "Proof",
                Parts.sentence(
                    text("Record "),
                    Parts.code(Wording.count(entry.index())),
                    text(
                        " of "
                            + receipt.origin()
                            + ", in the signed checkpoint over "
                            + Wording.count(receipt.checkpoint().size(), "record")
                            + ".")),
                Parts.field(
                    "The log's public keys, one a line; paste those that you have from a source"
                        + " that you trust",
                    element("textarea")
                        .with("id", "keys")
                        .with("rows", "2")
                        .with("spellcheck", "false")
                        .saying(keys)),
                element("p")
                    .with("id", "verdict")
                    .with("role", "status")
                    .saying(
                        "With a script this page checks the proof by itself. Without, keep the"
                            + " receipt below."),
                element("details")
                    .holding(
                        element("summary").saying("The receipt (C2SP tlog-proof)"),
                        Parts.quoted("The receipt", receipt.text())))
            .with("id", "proof")
            .with("data-entry", Base64.getEncoder().encodeToString(bytes))
            .with("data-receipt", receipt.text());
    return visit.holdsAny(Frame.READ_LEDGER)
        ? card.holding(
            element("details")
                .holding(
                    element("summary").saying("The record itself"),
                    Parts.quoted("The record", new String(bytes, UTF_8))))
        : card;
  }
}
