/// Tests of detection from use.
@org.jspecify.annotations.NullMarked
package dev.remit.server.detection;
