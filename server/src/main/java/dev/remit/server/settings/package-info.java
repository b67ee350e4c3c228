/// Reads a tree of records from one YAML file, strictly, and writes its reference page.
///
/// Every component of such a record is either another record (a section), a list, or a value with a
/// [Setting] that holds its default and what it is for. Start at [SettingsReader#read].
///
/// **To add a key**: add a component with a [Setting] to a section in `dev.remit.server.section`
/// (or to a record of your feature that `dev.remit.server.Config` has as a section), run the test
/// that the reference page belongs to, and hand the value on in `Main`. Nothing else needs to know.
/// Write the unit into the type ([java.time.Duration], [ByteSize]) and the bound into the record's
/// constructor: an `IllegalArgumentException` from there is reported with the section's place in
/// the file.
@NullMarked
package dev.remit.server.settings;

import org.jspecify.annotations.NullMarked;
