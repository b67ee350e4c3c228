package dev.remit.server.settings;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// One configurable value: a record component of a type that [Values] can read, or a list of them.
///
/// On a section, `value` holds defaults for its keys (`service=15m agent=8m`), for sections that
/// share a record and differ in their defaults.
@Target(ElementType.RECORD_COMPONENT)
@Retention(RetentionPolicy.RUNTIME)
public @interface Setting {

  /// The default, written as in the file. Ignored for lists, which are empty by default.
  String value() default "";

  /// What the value decides, as one sentence for the reference page.
  String says() default "";

  /// What the key was called before, for whoever still writes it so; empty if nothing.
  String formerly() default "";

  /// Whether it must be given; for the items of a list, where no default makes sense.
  boolean required() default false;
}
