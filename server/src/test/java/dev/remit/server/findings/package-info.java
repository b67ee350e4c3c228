/// Tests of what looks wrong.
@org.jspecify.annotations.NullMarked
package dev.remit.server.findings;
