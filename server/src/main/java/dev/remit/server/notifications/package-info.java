/// Tells people what asks them: approvals, findings, suspensions that are to end, changes that wait
/// for a second person. By e-mail, signed webhooks, and messages for Slack and Teams.
///
/// Read from the ledger beside the path of calls, as exports are and by their machinery: from a
/// durable position, at least once, in order for each workflow. Start at [Messages], which says
/// what is told to whom; [Plain] keeps what an agent wrote from being anything but text. Nobody
/// agrees to anything by a link: each leads to a page of ours. Guide:
/// `docs/guides/notifications.md`; why so: ADR 0120.
@NullMarked
package dev.remit.server.notifications;

import org.jspecify.annotations.NullMarked;
