package io.xinglin.paper;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.zxing.qrcode.decoder.Decoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CodesTests {
    private static final long SEED = Long.getLong("seed", System.nanoTime());

    @Test
    void the_codes_of_any_receipt_read_one_after_the_other_are_the_receipt() throws Exception {
        var random = new Random(SEED);
        for (var i = 0; i < 40; i++) {
            var receipt = receipt(random, 200 + random.nextInt(5_300));
            var said = new StringBuilder();
            for (var text : Codes.texts(receipt)) {
                said.append(decoded(text));
            }

            assertThat(said.toString()).as("-Dseed=" + SEED).isEqualTo(receipt);
        }
    }

    @Test
    void no_code_begins_or_ends_with_a_space_that_could_get_lost() {
        var random = new Random(SEED);
        for (var i = 0; i < 200; i++) {
            var texts = Codes.texts(receipt(random, 1_200 + random.nextInt(4_300)));
            for (var j = 0; j < texts.size() - 1; j++) {
                assertThat(texts.get(j)).as("-Dseed=" + SEED).isEqualTo(texts.get(j).strip());
            }
            assertThat(texts.getLast())
                    .as("-Dseed=" + SEED)
                    .isEqualTo(texts.getLast().strip() + "\n");
        }
    }

    @ParameterizedTest
    @CsvSource({"300,1", "1180,1", "1181,2", "2360,2", "2361,3", "5820,3", "5821,0"})
    void there_are_as_many_as_can_be_read_from_paper(int length, int count) {
        assertThat(Codes.texts("a".repeat(length - 1) + "\n")).hasSize(count);
    }

    /// Names of witnesses may be in any script, and all of them may come first.
    @Test
    void where_letters_are_of_several_bytes_no_code_is_fuller_than_the_others() throws Exception {
        for (var letter : List.of("\u533b", "\ud83d\ude00", "\u00e9")) {
            var receipt = letter.repeat(3_000 / length(letter)) + "a".repeat(2_700) + "\n";
            var said = new StringBuilder();
            for (var text : Codes.texts(receipt)) {
                assertThat(length(text)).isBetween(1_890, 1_910);
                said.append(decoded(text));
            }

            assertThat(said).hasToString(receipt);
        }
    }

    private static int length(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    private static String decoded(String text) throws Exception {
        var modules = Codes.draw(text);
        var image = new boolean[modules.getHeight()][modules.getWidth()];
        for (var y = 0; y < image.length; y++) {
            for (var x = 0; x < image.length; x++) {
                image[y][x] = modules.get(x, y) == 1;
            }
        }
        return new Decoder().decode(image).getText();
    }

    /// Lines of base64 and signature lines, which have a dash that is not ASCII.
    private static String receipt(RandomGenerator random, int length) {
        var receipt = new StringBuilder("c2sp.org/tlog-proof@v1\n");
        while (receipt.length() < length) {
            receipt.append(random.nextInt(3) == 0 ? "— example.org/log " : "");
            random.ints(5 + random.nextInt(120), '0', 'z' + 1)
                    .filter(Character::isLetterOrDigit)
                    .forEach(receipt::appendCodePoint);
            receipt.append(random.nextInt(9) == 0 ? "=\n\n" : "=\n");
        }
        return receipt.toString().strip() + "\n";
    }
}
