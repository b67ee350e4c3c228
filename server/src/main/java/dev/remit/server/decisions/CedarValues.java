package dev.remit.server.decisions;

import com.cedarpolicy.value.CedarList;
import com.cedarpolicy.value.CedarMap;
import com.cedarpolicy.value.EntityIdentifier;
import com.cedarpolicy.value.EntityTypeName;
import com.cedarpolicy.value.EntityUID;
import com.cedarpolicy.value.PrimBool;
import com.cedarpolicy.value.PrimLong;
import com.cedarpolicy.value.PrimString;
import dev.remit.kernel.policy.EntityUid;
import dev.remit.kernel.policy.Value;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Set;

/// Our values as cedar-java's.
final class CedarValues {
  private static final DateTimeFormatter ISO =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

  /// Names that cedar-java's JSON would read as an escape and not as a member.
  private static final Set<String> RESERVED = Set.of("__entity", "__extn", "__expr");

  private CedarValues() {}

  /// Returns `value` as cedar-java's.
  ///
  /// @throws CedarUnavailable if it cannot be said exactly
  static com.cedarpolicy.value.Value of(Value value) {
    return switch (value) {
      case Value.Bool(var truth) -> new PrimBool(truth);
      case Value.Whole(var number) -> new PrimLong(number);
      case Value.Text(var text) -> new PrimString(text);
      case Value.Entity(var uid) -> of(uid);
      case Value.Several set -> {
        var list = new CedarList();
        for (int i = 0; i < set.size(); i++) {
          list.add(of(set.get(i)));
        }
        yield list;
      }
      case Value.Members members -> of(members);
      case Value.Decimal(var parts) ->
          new com.cedarpolicy.value.Decimal(BigDecimal.valueOf(parts, 4).toPlainString());
      case Value.Moment(var epochMs) ->
          new com.cedarpolicy.value.DateTime(ISO.format(Instant.ofEpochMilli(epochMs)));
      case Value.Span(var millis) -> new com.cedarpolicy.value.Duration(millis + "ms");
      case Value.IpAddress _ -> throw new CedarUnavailable("an address is never part of a request");
      case Value.Unknown _ ->
          throw new CedarUnavailable("a value is not known, or policy cannot represent it");
    };
  }

  private static CedarMap of(Value.Members members) {
    var map = new CedarMap();
    for (int i = 0; i < members.size(); i++) {
      if (RESERVED.contains(members.name(i))) {
        throw new CedarUnavailable("a member's name is reserved");
      }
      map.put(members.name(i), of(members.get(i)));
    }
    return map;
  }

  static EntityUID of(EntityUid uid) {
    return EntityTypeName.parse(uid.type())
        .map(type -> type.of(new EntityIdentifier(uid.id())))
        .orElseThrow(() -> new CedarUnavailable("`" + uid.type() + "` is no entity type"));
  }
}
