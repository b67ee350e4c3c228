package dev.remit.server.approvals;

import dev.remit.kernel.identity.Duty;
import dev.remit.kernel.identity.PersonName;
import dev.remit.server.registry.Grant;
import dev.remit.server.registry.Kind;
import dev.remit.server.registry.Ref;
import dev.remit.server.registry.Registry;
import dev.remit.server.registry.Stored;
import dev.remit.server.registry.Workflow;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Who has a part in a held call, by what is declared now. Reads memory only.
public interface Part {

  /// Returns who is concerned with what `approval` is for.
  Concerned in(Approval approval);

  /// By what `registry` knows of who declared what.
  static Part by(Registry registry) {
    return approval -> of(registry, approval);
  }

  private static Concerned of(Registry registry, Approval approval) {
    var binding = approval.binding();
    var now = registry.current();
    var workflow = now.workflow(binding.workflow());
    return Concerned.NOBODY
        .and(Duty.REQUESTER, binding.asker())
        .and(
            Duty.OWNER,
            Stream.concat(Stream.of(binding.asker()), workflow.map(Workflow::owner).stream())
                .collect(Collectors.toSet()))
        .and(Duty.SPONSOR, set(workflow.flatMap(Workflow::sponsor)))
        .and(
            Duty.DEPLOYER,
            Stream.concat(
                    Stream.of(new Ref(Kind.IDENTITY, binding.identity().value())),
                    approval.because().stream().map(Part::policy))
                .flatMap(ref -> appliedBy(registry, ref).stream())
                .collect(Collectors.toSet()))
        .and(Duty.REVIEWER, set(appliedBy(registry, new Ref(Kind.TOOL, binding.wanted().item()))))
        .and(
            Duty.GRANTER,
            now.grants(binding.identity()).stream()
                .filter(grant -> grant.resource().equals(binding.wanted().resource()))
                .map(Grant::approvedBy)
                .collect(Collectors.toSet()));
  }

  /// Of the second statement of one text on, the id has its place behind the name.
  private static Ref policy(String id) {
    int end = id.indexOf('#');
    return new Ref(Kind.POLICY, end < 0 ? id : id.substring(0, end));
  }

  private static Optional<PersonName> appliedBy(Registry registry, Ref ref) {
    return registry.find(ref).map(Stored::by);
  }

  private static Set<PersonName> set(Optional<PersonName> one) {
    return one.map(Set::of).orElse(Set.of());
  }
}
