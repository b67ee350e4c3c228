/// `remit credential`: credentials of databases, for agents who get them and people who watch them.
@NullMarked
package dev.remit.cli.credential;

import org.jspecify.annotations.NullMarked;
