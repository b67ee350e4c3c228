package dev.remit.server.approvals;

import dev.remit.kernel.canonical.CanonicalJson;
import dev.remit.kernel.identity.Duty;
import dev.remit.kernel.identity.Role;
import dev.remit.kernel.identity.Word;
import dev.remit.kernel.policy.Quorum;
import dev.remit.kernel.policy.Terms;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Terms in JSON, as rows and entries keep them: `docs/formats/ledger-entry.md`.
final class TermsJson {
  private static final JsonMapper JSON = JsonMapper.shared();

  private TermsJson() {}

  static ObjectNode write(Terms terms) {
    var json = JSON.createObjectNode();
    var quorums = json.putArray("quorums");
    terms.quorums().stream()
        .map(TermsJson::write)
        .sorted(Comparator.comparing(CanonicalJson::text))
        .forEach(quorums::add);
    json.put("uses", terms.usesMax());
    words(terms.apart()).forEach(json.putArray("apart")::add);
    return json;
  }

  static ObjectNode write(Quorum quorum) {
    var json = JSON.createObjectNode().put("people", quorum.people());
    words(quorum.roles()).forEach(json.putArray("roles")::add);
    return json;
  }

  /// @param text empty for an approval from before terms were kept
  static Terms read(String text, Set<Role> roles) {
    if (text.isEmpty()) {
      return Terms.of(roles);
    }
    var json = JSON.readTree(text);
    return new Terms(
        json.path("quorums")
            .valueStream()
            .map(one -> new Quorum(one.path("people").intValue(), roles(one.path("roles"))))
            .collect(Collectors.toSet()),
        json.path("uses").intValue(),
        json.path("apart")
            .valueStream()
            .map(word -> Word.parse(Duty.class, word.stringValue()))
            .collect(Collectors.toSet()));
  }

  private static Set<Role> roles(JsonNode words) {
    return words
        .valueStream()
        .map(word -> Word.parse(Role.class, word.stringValue()))
        .collect(Collectors.toSet());
  }

  private static List<String> words(Collection<? extends Word> constants) {
    return constants.stream().map(Word::word).sorted().toList();
  }
}
