@NullMarked
package dev.remit.server.models;

import org.jspecify.annotations.NullMarked;
