@NullMarked
package dev.remit.cli.policy;

import org.jspecify.annotations.NullMarked;
