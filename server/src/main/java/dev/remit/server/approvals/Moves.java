package dev.remit.server.approvals;

import dev.remit.kernel.canonical.Digest;
import dev.remit.kernel.identity.ApprovalId;
import dev.remit.kernel.identity.PersonName;
import dev.remit.kernel.identity.Role;
import dev.remit.kernel.ledger.Entry;
import dev.remit.kernel.ledger.EntryType;
import dev.remit.server.approvals.Approval.State;
import dev.remit.server.assumptions.Broken;
import dev.remit.server.ledger.Body;
import dev.remit.server.ledger.Recording;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// The steps by which approvals and allowances change, each a change of its row by compare-and-set
/// with its ledger entry, in the caller's transaction. Nothing else writes to their tables.
final class Moves {
  static final String NOBODY = "remit";
  static final String TIME_RAN_OUT = "time ran out";
  private static final int ITEM_CHARS_MAX = 512;

  private final ApprovalStore store;
  private final AgreementStore agreements;
  private final AllowanceStore allowances;

  Moves(ApprovalStore store, AgreementStore agreements, AllowanceStore allowances) {
    this.store = store;
    this.agreements = agreements;
    this.allowances = allowances;
  }

  /// Writes down a new one.
  ///
  /// @return false if the same request has one alive already
  boolean open(Recording recording, Approval fresh) {
    if (!store.insert(recording.tx(), fresh)) {
      return false;
    }
    recording.append(
        entry(EntryType.APPROVAL_OPENED, fresh, fresh.openedAt())
            .with("request", fresh.binding().request())
            .with("assumptions", fresh.assumptions().json())
            .with("terms", TermsJson.write(fresh.terms()))
            .withMaybe("under", fresh.under().map(ApprovalId::value)));
    return true;
  }

  /// Moves it on from where it was read.
  ///
  /// @return false if somebody else has moved it first
  boolean move(
      Recording recording,
      News news,
      Approval approval,
      State to,
      String by,
      String reason,
      Instant now) {
    return move(recording, news, approval, approval.state(), to, by, reason, now);
  }

  boolean move(
      Recording recording,
      News news,
      Approval approval,
      State from,
      State to,
      String by,
      String reason,
      Instant now) {
    return move(recording, news, approval, from, to, by, Optional.empty(), reason, now);
  }

  /// @param standsInFor in whose place it was answered
  boolean move(
      Recording recording,
      News news,
      Approval approval,
      State from,
      State to,
      String by,
      Optional<PersonName> standsInFor,
      String reason,
      Instant now) {
    if (!store.move(recording.tx(), approval, from, to, new Approval.Answer(by, reason, now))) {
      return false;
    }
    recording.append(
        entry(EntryType.APPROVAL_SETTLED, approval, now)
            .with("outcome", to.name().toLowerCase(Locale.ROOT))
            .withMaybe("for", standsInFor.map(PersonName::value))
            .with("by", by));
    store
        .find(recording.tx(), approval.id())
        .ifPresent(moved -> news.add(moved, to == State.VOID ? Notices::voided : Notices::settled));
    return true;
  }

  /// Voids it because something it rests on is no longer so; people hear of it if they had agreed.
  void breakOff(Recording recording, News news, Approval approval, Broken broken, Instant now) {
    if (move(recording, news, approval, State.VOID, NOBODY, broken.how(), now)
        && approval.state() == State.GRANTED) {
      news.broken(approval, broken);
    }
  }

  /// Writes down that somebody agrees; whether that is enough is not its matter.
  ///
  /// @return false if the person has agreed before
  boolean agree(Recording recording, Approval approval, Agreement agreement) {
    if (!agreements.insert(recording.tx(), approval, agreement)) {
      return false;
    }
    var forTask = agreement.forTask();
    var free = forTask.map(it -> it.free().stream().sorted().toList()).orElse(List.of());
    var entry =
        about(EntryType.APPROVAL_AGREED, approval, agreement.at())
            .with("by", agreement.by().value())
            .withMaybe("for", agreement.standsInFor().map(PersonName::value))
            .with("as", AgreementStore.words(agreement.roles()))
            .with("uses", forTask.map(ForTask::uses).orElse(1))
            .with("free", free);
    recording.append(forTask.map(it -> entry.with("until", it.until())).orElse(entry));
    return true;
  }

  void allow(Recording recording, Approval approval, Allowance allowance, Instant now) {
    allowances.insert(recording.tx(), allowance);
    recording.append(
        about(EntryType.ALLOWANCE_GIVEN, approval, now)
            .with("covers", allowance.covers())
            .with("fixed", allowance.fixed())
            .with("free", allowance.limits().free().stream().sorted().toList())
            .with("uses", allowance.limits().uses())
            .with("until", allowance.limits().until()));
  }

  /// Ends what was given for a task.
  ///
  /// @return false if it has ended before
  boolean end(Recording recording, Approval approval, Allowance.State to, String why, Instant now) {
    if (!allowances.end(recording.tx(), approval.id(), to, now)) {
      return false;
    }
    recording.append(
        about(EntryType.ALLOWANCE_ENDED, approval, now)
            .with("outcome", to.name().toLowerCase(Locale.ROOT))
            .with("why", why));
    return true;
  }

  /// Ends what was given for a task because a person says so.
  ///
  /// @return false if it has ended before
  boolean takeBack(
      Recording recording, Approval approval, PersonName by, String reason, Instant now) {
    if (!allowances.end(recording.tx(), approval.id(), Allowance.State.VOID, now)) {
      return false;
    }
    recording.append(
        about(EntryType.ALLOWANCE_ENDED, approval, now)
            .with("outcome", Allowance.State.VOID.name().toLowerCase(Locale.ROOT))
            .with("why", "taken back")
            .with("by", by.value()),
        Body.of("reason", reason));
    return true;
  }

  /// Notes that nobody has answered it for a while, once for each of the two times.
  ///
  /// @param escalated whether it is time for the workflow's escalation contact
  boolean remind(
      Recording recording, News news, Approval approval, boolean escalated, Instant now) {
    var mark = escalated ? "escalated_at" : "reminded_at";
    if (!store.mark(recording.tx(), approval.id(), mark, now)) {
      return false;
    }
    recording.append(
        about(EntryType.APPROVAL_REMINDED, approval, now)
            .with("roles", approval.roles().stream().map(Role::word).sorted().toList())
            .with("escalated", escalated)
            .with("lapsesAt", approval.lapsesAt()));
    news.add(approval, escalated ? Notices::escalated : Notices::reminded);
    return true;
  }

  private static Entry about(EntryType type, Approval approval, Instant now) {
    var binding = approval.binding();
    return Entry.of(type, now)
        .with("approval", approval.id().value())
        .with("identity", binding.spiffeId().value())
        .with("workflow", binding.workflow().value())
        .with("task", binding.task().value())
        .with("target", shortened(binding.wanted().item()));
  }

  private static Entry entry(EntryType type, Approval approval, Instant now) {
    var binding = approval.binding();
    return about(type, approval, now)
        .with("of", approval.decision().value())
        .with("intent", binding.intent())
        .with("method", binding.wanted().method())
        .with("resource", binding.wanted().resource().value())
        .withMaybe("definition", binding.wanted().definition().map(Digest::value))
        .with("bound", binding.digest())
        .with("policies", binding.policies())
        .with("nonce", approval.nonce())
        .with("because", approval.because())
        .with("roles", approval.roles().stream().map(Role::word).sorted().toList())
        .with("lapsesAt", approval.lapsesAt());
  }

  private static String shortened(String item) {
    return item.length() <= ITEM_CHARS_MAX ? item : item.substring(0, ITEM_CHARS_MAX) + "…";
  }

  /// Whose word it was, for an approval that is one use of another.
  static String givenBy(Approval parent) {
    return Optional.of(parent.agreements())
        .filter(all -> !all.isEmpty())
        .map(all -> all.getLast().by().value())
        .orElse(NOBODY);
  }
}
