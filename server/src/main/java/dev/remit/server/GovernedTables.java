package dev.remit.server;

import dev.remit.server.approvals.ApprovalRows;
import dev.remit.server.certificates.CertificateRows;
import dev.remit.server.changes.ChangeRows;
import dev.remit.server.credentials.SecretRows;
import dev.remit.server.decisions.GateRows;
import dev.remit.server.emergency.EmergencyRows;
import dev.remit.server.enforcement.ObservationRows;
import dev.remit.server.erasure.LegalHoldRows;
import dev.remit.server.evaluations.EvaluationRows;
import dev.remit.server.exceptions.ExceptionRows;
import dev.remit.server.findings.FindingRows;
import dev.remit.server.inspection.CanaryRows;
import dev.remit.server.ledger.Governed;
import dev.remit.server.lending.CredentialRows;
import dev.remit.server.lending.LinkRows;
import dev.remit.server.promotion.PromotionRows;
import dev.remit.server.registry.ApplyRequestRows;
import dev.remit.server.registry.DeclaredRows;
import dev.remit.server.signin.AccountRows;
import dev.remit.server.signin.PasskeyRows;
import dev.remit.server.tokens.KeyRows;
import dev.remit.server.tokens.StandingRows;
import java.util.List;

/// Every table that the ledger must account for; `docs/formats/state.md` names the others.
public final class GovernedTables {
  public static final List<Governed> ALL =
      List.of(
          new DeclaredRows(),
          new ApplyRequestRows(),
          new StandingRows(),
          new KeyRows(),
          new SecretRows(),
          new CredentialRows(),
          new CertificateRows(),
          new LinkRows(),
          new ApprovalRows(),
          new ObservationRows(),
          new FindingRows(),
          new LegalHoldRows(),
          new CanaryRows(),
          new GateRows(),
          new ExceptionRows(),
          new EmergencyRows(),
          new PromotionRows(),
          new ChangeRows(),
          new EvaluationRows(),
          new AccountRows(),
          new PasskeyRows());

  private GovernedTables() {}
}
