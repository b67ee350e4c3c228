package dev.remit.server.registry;

/// A class of data, as workflows, tools and grants name it, with how much it would matter if it got
/// out. Classes may be named without being declared; nobody knows then how sensitive they are, and
/// policy sees them as [#UNKNOWN].
///
/// @param sensitivity 0 (public) to 100
public record DataClass(String name, String description, long sensitivity) implements Declared {
  /// As sensitive as anything: nothing says that it is less.
  public static final long UNKNOWN = 100;

  public DataClass {
    if (sensitivity < 0 || sensitivity > UNKNOWN) {
      throw new IllegalArgumentException("sensitivity is 0 to 100, was " + sensitivity);
    }
  }

  @Override
  public Kind kind() {
    return Kind.DATA_CLASS;
  }

  @Override
  public String key() {
    return name;
  }
}
