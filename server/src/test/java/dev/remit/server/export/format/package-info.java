/// Tests of what entries look like to others, judged by the rules of those others.
@NullMarked
package dev.remit.server.export.format;

import org.jspecify.annotations.NullMarked;
