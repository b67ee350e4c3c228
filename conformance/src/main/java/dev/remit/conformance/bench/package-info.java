/// Comparisons, each in one run on one machine: `./remit bench NAME…`.
///
/// Contenders alternate, after a warm-up, and what is printed are medians and ratios; a single
/// absolute figure from a shared machine says little. Nothing here passes or fails by speed. Start
/// at [Bench].
@NullMarked
package dev.remit.conformance.bench;

import org.jspecify.annotations.NullMarked;
