@NullMarked
package dev.remit.conformance.authzen;

import org.jspecify.annotations.NullMarked;
