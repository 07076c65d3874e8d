package io.xinglin.tlog;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TilePathTests {
    @Test
    void paths_are_as_the_specification_shows_them() {
        assertThat(new TilePath.Hashes(0, 1_234_067, 256)).hasToString("tile/0/x001/x234/067");
        assertThat(new TilePath.Hashes(63, 0, 255)).hasToString("tile/63/000.p/255");
        assertThat(new TilePath.Entries(1000, 1)).hasToString("tile/entries/x001/000.p/1");
    }

    @Test
    void paths_have_the_same_digits_in_every_country() {
        var before = Locale.getDefault();
        try {
            Locale.setDefault(Locale.forLanguageTag("ar-SA-u-nu-arab"));

            assertThat(new TilePath.Hashes(0, 1_234_067, 5))
                    .hasToString("tile/0/x001/x234/067.p/5");
        } finally {
            Locale.setDefault(before);
        }
    }

    @Test
    void any_path_is_read_back() {
        Property.forAll(
                2000,
                random -> {
                    var index = random.nextLong() >>> random.nextInt(8, 64);
                    var width = random.nextInt(1, 257);
                    var hashes = new TilePath.Hashes(random.nextInt(64), index, width);
                    var entries = new TilePath.Entries(index, width);

                    assertThat(TilePath.parse(hashes.toString())).contains(hashes);
                    assertThat(TilePath.parse(entries.toString())).contains(entries);
                });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "checkpoint",
                "tile",
                "tile/0",
                "tile/0/",
                "tile/0/0",
                "tile/0/0000",
                "tile/0/x000",
                "tile/0/x000/000",
                "tile/0/000/000",
                "tile/0/x01/000",
                "tile/00/000",
                "tile/64/000",
                "tile/-1/000",
                "tile/0/-01",
                "tile/0/000.p",
                "tile/0/000.p/",
                "tile/0/000.p/0",
                "tile/0/000.p/01",
                "tile/0/000.p/256",
                "tile/0/000.p/999",
                "tile/0/000.P/1",
                "tile/0/000/",
                "/tile/0/000",
                "tile//0/000",
                "tile/0/../000",
                "tile/entries/../../checkpoint",
                "tile/0/000\n",
                "tile/0/\u0660\u0660\u0660",
                "tile/0/x999/x999/x999/x999/x999/x999/999",
                "tile/data/000"
            })
    void anything_else_is_not_a_path(String path) {
        assertThat(TilePath.parse(path)).isEmpty();
    }
}
