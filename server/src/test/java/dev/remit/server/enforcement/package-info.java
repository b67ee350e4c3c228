/// Tests of the switch that two people hold.
@org.jspecify.annotations.NullMarked
package dev.remit.server.enforcement;
