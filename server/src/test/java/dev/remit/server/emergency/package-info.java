@NullMarked
package dev.remit.server.emergency;

import org.jspecify.annotations.NullMarked;
