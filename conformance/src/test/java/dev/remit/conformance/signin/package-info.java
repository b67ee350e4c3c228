/// People sign in at a real identity provider, in a real browser.
@NullMarked
package dev.remit.conformance.signin;

import org.jspecify.annotations.NullMarked;
