package dev.remit.kernel.policy;

/// Attributes, tags and the hierarchy: everything that looks into a record or an entity.
final class Access {

  private Access() {}

  static Node attribute(Node of, String name) {
    var quoted = CedarText.quoted(name);
    return frame -> {
      var value = of.of(frame);
      var found = members(frame, value, true).get(name);
      if (found == null) {
        throw new Fault(value.typeName() + " has no attribute " + quoted);
      }
      return found;
    };
  }

  static Node has(Node of, String name) {
    return frame -> Value.Bool.of(members(frame, of.of(frame), false).get(name) != null);
  }

  /// Returns the members of a record or the attributes of an entity.
  ///
  /// @param must whether an entity that does not exist is a fault, or has none
  private static Value.Members members(Frame frame, Value value, boolean must) {
    if (value instanceof Value.Members members) {
      return members;
    }
    if (value instanceof Value.Entity(var uid)) {
      return facts(frame, uid, must).attributes();
    }
    throw Fault.type("record or (entity of any type)", value);
  }

  private static final Entities.Facts NOTHING =
      new Entities.Facts(Value.Members.EMPTY, Value.Members.EMPTY, java.util.Set.of());

  private static Entities.Facts facts(Frame frame, EntityUid uid, boolean must) {
    var facts = frame.find(uid);
    if (facts != null) {
      return facts;
    }
    if (must) {
      throw new Fault("an entity of type `" + uid.type() + "` does not exist");
    }
    return NOTHING;
  }

  static Value hasTag(Frame frame, Value entity, Value tag) {
    var uid = entity(entity);
    var name = text(tag);
    return Value.Bool.of(facts(frame, uid, false).tags().get(name) != null);
  }

  static Value getTag(Frame frame, Value entity, Value tag) {
    var uid = entity(entity);
    var name = text(tag);
    var found = facts(frame, uid, true).tags().get(name);
    if (found == null) {
      throw new Fault(entity.typeName() + " has no such tag");
    }
    return found;
  }

  static Node in(Node left, Node right) {
    if (right instanceof Node.Constant(Value.Entity(var ancestor))) {
      return frame -> Value.Bool.of(frame.isIn(entity(left.of(frame)), ancestor));
    }
    return frame -> {
      var value = left.of(frame);
      var ancestors = right.of(frame);
      return Value.Bool.of(isIn(frame, entity(value), ancestors));
    };
  }

  private static boolean isIn(Frame frame, EntityUid uid, Value ancestors) {
    if (ancestors instanceof Value.Entity(var ancestor)) {
      return frame.isIn(uid, ancestor);
    }
    if (!(ancestors instanceof Value.Several several)) {
      throw Fault.type("set or (entity of any type)", ancestors);
    }
    frame.spend(several.size());
    boolean found = false;
    for (int i = 0; i < several.size(); i++) {
      // Every element must be an entity, as in Cedar, even after one has matched.
      found |= frame.isIn(uid, entity(several.get(i)));
    }
    return found;
  }

  private static EntityUid entity(Value value) {
    if (value instanceof Value.Entity(var uid)) {
      return uid;
    }
    throw Fault.type("(entity of any type)", value);
  }

  private static String text(Value value) {
    if (value instanceof Value.Text(var text)) {
      return text;
    }
    throw Fault.type("string", value);
  }
}
