package dev.remit.server.inspection;

import dev.remit.kernel.identity.CanaryId;
import java.time.Instant;

/// That a canary was seen: always, and only, where it really was.
public record CanarySighting(CanaryId canary, Carrier in, Instant at) {}
