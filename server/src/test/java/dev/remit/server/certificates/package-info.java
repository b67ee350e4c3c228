/// Lets tests of other packages look at certificates without waiting.
@NullMarked
package dev.remit.server.certificates;

import org.jspecify.annotations.NullMarked;
