/// The clients that people use for models, as their makers publish them, at the model gateway of a
/// built server. Start at [ModelTrial].
@NullMarked
package dev.remit.conformance.models;

import org.jspecify.annotations.NullMarked;
