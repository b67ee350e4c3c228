package dev.remit.server.settings;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// One configurable value: a record component of a type that [Values] can read, or a list of them.
@Target(ElementType.RECORD_COMPONENT)
@Retention(RetentionPolicy.RUNTIME)
public @interface Setting {

  /// The default, written as in the file. Ignored for lists, which are empty by default.
  String value() default "";

  /// What the value decides, as one sentence for the reference page.
  String says();

  /// Whether it must be given; for the items of a list, where no default makes sense.
  boolean required() default false;
}
