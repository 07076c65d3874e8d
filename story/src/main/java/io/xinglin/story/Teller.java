package io.xinglin.story;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/// Tells the story on the console and stops it where it does not come true.
final class Teller {
    private final PrintStream out =
            new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);

    void chapter(int number, String title) {
        out.println();
        out.println(number + ". " + title);
    }

    void say(String text) {
        out.println("   " + text);
    }

    /// Ends the story here if it does not hold.
    void require(boolean holds, String text) {
        if (!holds) {
            throw new NotTrue(text);
        }
    }

    /// Says so if it holds; otherwise the story ends here.
    void check(boolean holds, String text) {
        require(holds, text);
        out.println("   ✓ " + text);
    }

    /// Something that the product promises did not happen.
    static final class NotTrue extends RuntimeException {
        private static final long serialVersionUID = 1L;

        NotTrue(String what) {
            super("not true: " + what);
        }
    }
}
