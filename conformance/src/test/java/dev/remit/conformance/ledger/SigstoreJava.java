package dev.remit.conformance.ledger;

import dev.remit.kernel.ledger.Hash;
import dev.sigstore.encryption.Keys;
import dev.sigstore.encryption.signers.Verifiers;
import dev.sigstore.merkle.InclusionProofVerificationException;
import dev.sigstore.merkle.InclusionProofVerifier;
import dev.sigstore.rekor.client.Checkpoints;
import dev.sigstore.rekor.client.ImmutableInclusionProof;
import dev.sigstore.rekor.client.ImmutableRekorEntry;
import dev.sigstore.rekor.client.ImmutableVerification;
import dev.sigstore.rekor.client.RekorParseException;
import dev.sigstore.rekor.client.RekorVerificationException;
import dev.sigstore.rekor.client.RekorVerifier;
import dev.sigstore.trustroot.ImmutableLogId;
import dev.sigstore.trustroot.ImmutablePublicKey;
import dev.sigstore.trustroot.ImmutableTransparencyLog;
import dev.sigstore.trustroot.ImmutableValidFor;
import dev.sigstore.trustroot.TransparencyLog;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;

/// The Java client of Sigstore, asked whether it believes a claim.
///
/// Its verifier of entries finds a log's signature by the *host* of the log's address, so it can
/// only be asked about logs whose origin is a host's name ([#accepts]). For other origins its parts
/// are asked one by one ([#acceptsInParts]): its reader of checkpoints, its Ed25519, and its
/// inclusion proofs.
final class SigstoreJava {

  private SigstoreJava() {}

  /// Asks the verifier of entries as it is.
  static boolean accepts(Claim claim) {
    try {
      RekorVerifier.newRekorVerifier(List.of(log(claim))).verifyEntry(entry(claim));
      return true;
    } catch (RekorVerificationException e) {
      return false;
    }
  }

  /// Asks its parts.
  static boolean acceptsInParts(Claim claim) {
    try {
      var checkpoint = Checkpoints.from(claim.note());
      InclusionProofVerifier.verify(
          Hash.leaf(claim.entry()).bytes(),
          claim.index(),
          checkpoint.getSize(),
          claim.path().stream().map(Hash::bytes).toList(),
          Base64.getDecoder().decode(checkpoint.getBase64Hash()));
      var verifier = Verifiers.newVerifier(Keys.parseEd25519(claim.spki()));
      var signed = checkpoint.getSignedData().getBytes(StandardCharsets.UTF_8);
      var keyId = Arrays.copyOf(claim.logId(), 4);
      for (var signature : checkpoint.getSignatures()) {
        if (signature.getIdentity().equals(claim.key().name())
            && Arrays.equals(signature.getKeyHint(), keyId)) {
          return verifier.verify(signed, signature.getSignature());
        }
      }
      return false;
    } catch (RekorParseException
        | InclusionProofVerificationException
        | GeneralSecurityException e) {
      return false;
    }
  }

  private static TransparencyLog log(Claim claim) {
    return ImmutableTransparencyLog.builder()
        .baseUrl(URI.create("https://" + claim.key().name()))
        .hashAlgorithm("SHA2_256")
        .logId(ImmutableLogId.builder().keyId(claim.logId()).build())
        .publicKey(
            ImmutablePublicKey.builder()
                .rawBytes(claim.spki())
                .keyDetails("PKIX_ED25519")
                .validFor(ImmutableValidFor.builder().start(Instant.EPOCH).build())
                .build())
        .build();
  }

  private static ImmutableRekorEntry entry(Claim claim) {
    var hex = HexFormat.of();
    var proof =
        ImmutableInclusionProof.builder()
            .hashes(claim.path().stream().map(Hash::hex).toList())
            .logIndex(claim.index())
            .rootHash(hex.formatHex(Base64.getDecoder().decode(claim.root())))
            .treeSize(claim.size())
            .checkpoint(claim.note())
            .build();
    return ImmutableRekorEntry.builder()
        .body(Base64.getEncoder().encodeToString(claim.entry()))
        .integratedTime(0)
        .logID(hex.formatHex(claim.logId()))
        .logIndex(claim.index())
        .verification(ImmutableVerification.builder().inclusionProof(proof).build())
        .build();
  }
}
