/// A real browser, driven by tests of pages.
@NullMarked
package dev.remit.conformance.browser;

import org.jspecify.annotations.NullMarked;
