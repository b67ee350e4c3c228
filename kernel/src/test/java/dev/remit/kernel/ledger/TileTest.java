package dev.remit.kernel.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Addresses as C2SP tlog-tiles gives them, with its own examples.
class TileTest {

  @Test
  void the_examples_of_the_specification_have_their_paths() {
    assertThat(new Tile(0, 1_234_067, 256).path()).isEqualTo("tile/0/x001/x234/067");
    assertThat(Tile.in(70_000, 0, 273).path()).isEqualTo("tile/0/273.p/112");
    assertThat(Tile.in(70_000, 1, 1).path()).isEqualTo("tile/1/001.p/17");
    assertThat(Tile.in(70_000, 2, 0).path()).isEqualTo("tile/2/000.p/1");
    assertThat(Tile.in(70_000, Tile.ENTRIES, 273).path()).isEqualTo("tile/entries/273.p/112");
    assertThat(Tile.count(70_000, 0)).isEqualTo(274);
    assertThat(Tile.count(70_000, 3)).isZero();
    assertThat(Tile.in(256, 1, 0).path()).isEqualTo("tile/1/000.p/1");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"tile/0/000", "tile/63/x001/x234/067.p/8", "tile/entries/x009/999", "tile/1/999"})
  void a_path_is_read_and_written_alike(String path) {
    assertThat(Tile.parse(path).path()).isEqualTo(path);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "tile/0/0",
        "tile/00/000",
        "tile/64/000",
        "tile/0/x000/001",
        "tile/0/000.p/0",
        "tile/0/000.p/256",
        "tile/0/000.p/08",
        "tile/0/../000",
        "tile/0/000/001",
        "tile/0/"
      })
  void a_path_of_another_form_is_refused(String path) {
    assertThatThrownBy(() -> Tile.parse(path)).isInstanceOf(IllegalArgumentException.class);
  }
}
