/// What people are told, by real mail and real HTTP servers.
@NullMarked
package dev.remit.server.notifications;

import org.jspecify.annotations.NullMarked;
