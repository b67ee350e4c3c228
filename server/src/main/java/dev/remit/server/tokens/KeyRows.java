package dev.remit.server.tokens;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.JWK;
import dev.remit.kernel.canonical.Digest;
import dev.remit.kernel.state.StateRow;
import dev.remit.server.ledger.Governed;
import dev.remit.server.store.Row;
import dev.remit.server.store.Tx;
import java.text.ParseException;
import java.util.HexFormat;
import java.util.function.Consumer;

/// The keys that sign task tokens and the tokens of people, for comparison with the ledger: tables
/// `signing_key` and `operator_token`.
///
/// A key's id is the thumbprint of its public part (RFC 7638), computed here from what is stored,
/// so that another key under the same id shows. What is wrapped is told as its digest.
public final class KeyRows implements Governed {

  @Override
  public void rows(Tx tx, Consumer<StateRow> each) {
    tx.each(
        "SELECT kid, public_jwk, wrapped, created_at, signs_from, revoked_at, revoked_seq"
            + " FROM signing_key",
        row -> each.accept(signing(row)));
    tx.each(
        "SELECT hash, person, issued_by, issued_at, shown_at, expires_at FROM operator_token",
        row -> each.accept(operator(row)));
  }

  private static StateRow signing(Row row) {
    var key =
        StateRow.of("signing-key", row.text("kid"))
            .with("thumbprint", thumbprint(row.text("public_jwk")))
            .with("sealed", Digest.of(row.bytes("wrapped")).value())
            .with("signsFrom", row.instant("signs_from"))
            .with("createdAt", row.instant("created_at"));
    return row.maybeInstant("revoked_at")
        .map(at -> key.with("revokedAt", at).with("seq", row.number("revoked_seq")))
        .orElse(key);
  }

  private static StateRow operator(Row row) {
    var token =
        StateRow.of("operator-token", "sha256:" + HexFormat.of().formatHex(row.bytes("hash")))
            .with("person", row.text("person"))
            .with("by", row.text("issued_by"))
            .with("at", row.instant("issued_at"));
    row.maybeInstant("shown_at").ifPresent(at -> token.with("shownAt", at));
    return row.maybeInstant("expires_at")
        .map(at -> token.with("expiresAt", at))
        .orElseGet(() -> token.with("expiresAt", Operators.NEVER));
  }

  private static String thumbprint(String jwk) {
    try {
      return JWK.parse(jwk).computeThumbprint().toString();
    } catch (ParseException | JOSEException e) {
      return "no key";
    }
  }
}
