package dev.remit.conformance.policy;

import com.cedarpolicy.value.CedarList;
import com.cedarpolicy.value.CedarMap;
import com.cedarpolicy.value.Decimal;
import com.cedarpolicy.value.EntityUID;
import com.cedarpolicy.value.PrimBool;
import com.cedarpolicy.value.PrimLong;
import com.cedarpolicy.value.PrimString;
import dev.remit.kernel.policy.EntityUid;
import dev.remit.kernel.policy.Value;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.Map;

/// cedar-java's values as ours.
final class Contexts {

  private Contexts() {}

  static Value.Members members(Map<String, com.cedarpolicy.value.Value> map) {
    var members = new HashMap<String, Value>();
    map.forEach((name, value) -> members.put(name, of(value)));
    return Value.Members.of(members);
  }

  private static Value of(com.cedarpolicy.value.Value value) {
    return switch (value) {
      case PrimLong number -> new Value.Whole(number.getValue());
      case PrimString text -> new Value.Text(text.toString());
      case PrimBool truth -> Value.Bool.of(truth.getValue());
      case Decimal decimal ->
          new Value.Decimal(new BigDecimal(decimal.toString()).movePointRight(4).longValueExact());
      case EntityUID uid ->
          new Value.Entity(new EntityUid(uid.getType().toString(), uid.getId().toString()));
      case CedarList list -> Value.Several.of(list.stream().map(Contexts::of).toList());
      case CedarMap map -> members(map);
      default -> throw new IllegalArgumentException("no such value is generated: " + value);
    };
  }
}
