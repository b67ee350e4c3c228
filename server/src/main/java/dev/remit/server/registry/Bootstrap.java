package dev.remit.server.registry;

import dev.remit.kernel.identity.PersonName;
import dev.remit.kernel.identity.Role;
import dev.remit.kernel.identity.Word;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;

/// The person who is there from the first start, so that somebody can declare the others.
final class Bootstrap {
  static final PersonName ADMIN = new PersonName("admin");
  static final String SET = "built-in";

  private Bootstrap() {}

  /// Returns what declares person `admin` with every role, by themselves.
  static Proposal proposal(State empty, Instant now) {
    var roles = Arrays.stream(Role.values()).map(Word::word).toList();
    var text =
        """
        apiVersion: remit.dev/v1
        kind: Person
        metadata: {name: admin}
        spec: {displayName: Administrator, roles: [%s]}
        """
            .formatted(String.join(", ", roles));
    var reading = ManifestReader.read(List.of(new ManifestFile(SET, text)), "none");
    var author = new Author(ADMIN, EnumSet.allOf(Role.class));
    return Proposal.of(empty, reading.manifests(), SET, false, author, now);
  }
}
