package dev.remit.server.notifications;

import dev.remit.kernel.identity.PersonName;
import java.util.Optional;

/// Where a person's mail goes.
@FunctionalInterface
interface Addresses {
  Optional<String> of(PersonName person);
}
