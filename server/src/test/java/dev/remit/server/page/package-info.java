/// Tests of what every page has.
@NullMarked
package dev.remit.server.page;

import org.jspecify.annotations.NullMarked;
