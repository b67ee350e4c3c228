/// The sections of the configuration, one file each, with every key, its default and its bounds.
///
/// [dev.remit.server.Config] puts them together; `dev.remit.server.Limits` says them in the words
/// of each feature, so that no feature knows them.
@NullMarked
package dev.remit.server.section;

import org.jspecify.annotations.NullMarked;
