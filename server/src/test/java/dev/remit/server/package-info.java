/// Tests of the house itself.
@NullMarked
package dev.remit.server;

import org.jspecify.annotations.NullMarked;
