/// Who may do what, held against every operation that the server describes.
@NullMarked
package dev.remit.conformance.coverage;

import org.jspecify.annotations.NullMarked;
