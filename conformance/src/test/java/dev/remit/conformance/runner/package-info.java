/// The official conformance runner as a test.
@NullMarked
package dev.remit.conformance.runner;

import org.jspecify.annotations.NullMarked;
