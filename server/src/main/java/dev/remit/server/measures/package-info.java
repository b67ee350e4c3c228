/// What the controls of a workflow cost the people who deliver with it, and what they bring.
///
/// Computed from the same entries as the promotion gate, so that whoever holds a bundle can count
/// them again. Start at [Balance]; each kind of it is one class.
@NullMarked
package dev.remit.server.measures;

import org.jspecify.annotations.NullMarked;
