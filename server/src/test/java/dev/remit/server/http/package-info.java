/// Tests of the edge.
@NullMarked
package dev.remit.server.http;

import org.jspecify.annotations.NullMarked;
