package dev.remit.server.authzen;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/// How far several evaluations are carried out.
///
/// Source: Authorization API 1.0, section 7.1.2.1.
enum Semantics {
  /// Every one.
  EXECUTE_ALL {
    @Override
    boolean endsWith(Judged judged) {
      return false;
    }
  },

  /// Up to the first that is not allowed.
  DENY_ON_FIRST_DENY {
    @Override
    boolean endsWith(Judged judged) {
      return !judged.isAllowed();
    }
  },

  /// Up to the first that is allowed.
  PERMIT_ON_FIRST_PERMIT {
    @Override
    boolean endsWith(Judged judged) {
      return judged.isAllowed();
    }
  };

  /// Whether nothing after this answer is asked.
  abstract boolean endsWith(Judged judged);

  static Semantics of(JsonNode request) throws Malformed {
    var options = RequestReader.optionalObject("options", request.path("options"));
    var given = options.path("evaluations_semantic");
    if (given.isMissingNode()) {
      return EXECUTE_ALL;
    }
    for (var semantics : values()) {
      if (given.isString() && given.stringValue().equals(semantics.word())) {
        return semantics;
      }
    }
    throw new Malformed(
        "`options.evaluations_semantic` must be one of "
            + Arrays.stream(values()).map(Semantics::word).collect(Collectors.joining(", ")));
  }

  private String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
