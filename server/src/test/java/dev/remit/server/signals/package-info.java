/// Tests of shared signals.
@org.jspecify.annotations.NullMarked
package dev.remit.server.signals;
