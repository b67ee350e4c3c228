/// Tests of the commands that declare.
@NullMarked
package dev.remit.cli.registry;

import org.jspecify.annotations.NullMarked;
