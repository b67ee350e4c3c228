/// Tries the commands of everyday work against a small server that records what it is asked.
@NullMarked
package dev.remit.cli.operate;

import org.jspecify.annotations.NullMarked;
