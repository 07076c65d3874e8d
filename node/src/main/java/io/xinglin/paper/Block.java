package io.xinglin.paper;

/// A part of a page, from its top to its bottom.
sealed interface Block {
    /// What the page is; the first block.
    record Title(String text) implements Block {}

    /// What the blocks after it are about.
    record Heading(String text) implements Block {}

    /// A sentence or several.
    record Text(String text) implements Block {}

    /// A point among others.
    record Item(String text) implements Block {}

    /// Something that is to be looked up.
    ///
    /// @param label the name of it
    record Fact(String label, String value) implements Block {}

    /// What is for machines, letter by letter.
    record Command(String text) implements Block {}
}
