package dev.remit.server.console;

import dev.remit.server.approvals.Approvals;
import dev.remit.server.changes.Changes;
import dev.remit.server.changes.Rollback;
import dev.remit.server.decisions.Explanations;
import dev.remit.server.decisions.PassedGate;
import dev.remit.server.decisions.PolicyDecisions;
import dev.remit.server.drills.Drills;
import dev.remit.server.emergency.Emergencies;
import dev.remit.server.enforcement.Enforcement;
import dev.remit.server.evaluations.Evaluations;
import dev.remit.server.evaluations.Labelling;
import dev.remit.server.evidence.Courses;
import dev.remit.server.exceptions.Exceptions;
import dev.remit.server.findings.Findings;
import dev.remit.server.ledger.NodeLogs;
import dev.remit.server.lending.Lending;
import dev.remit.server.promotion.Exercise;
import dev.remit.server.promotion.Promotions;
import dev.remit.server.registry.ApplyRequests;
import dev.remit.server.registry.OwnAccount;
import dev.remit.server.registry.Registered;
import dev.remit.server.risk.Risks;
import dev.remit.server.tokens.Authorization;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/// What pages are made of.
///
/// @param registered what is declared now
/// @param gate what the policies that decide now were tried on
/// @param risks of what is declared now
/// @param exercise tries whether growing authority is noticed
/// @param exceptions findings that two people accept for a while
/// @param requests applies that wait for a second person
/// @param changes of what decides identities
/// @param rollback takes them back
/// @param labelling of answers, by people who do not know whose they are
/// @param account what a person says of themselves
/// @param promotions how workflows stand on their way into production
/// @param courses what happened in tasks
/// @param freshFor how old the counts of the newest records may be that a page shows
public record Sources(
    Supplier<Registered> registered,
    Authorization authorization,
    Approvals approvals,
    Findings findings,
    Lending lending,
    Drills drills,
    Enforcement enforcement,
    Emergencies emergencies,
    PolicyDecisions decisions,
    Supplier<Optional<PassedGate>> gate,
    Explanations explanations,
    Supplier<Risks> risks,
    Promotions promotions,
    Exercise exercise,
    Exceptions exceptions,
    ApplyRequests requests,
    Changes changes,
    Rollback rollback,
    Evaluations evaluations,
    Labelling labelling,
    OwnAccount account,
    NodeLogs logs,
    Courses courses,
    Duration freshFor) {}
