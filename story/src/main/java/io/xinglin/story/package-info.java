/// The main job as a client sees it. Start at [io.xinglin.story.Story].
@NullMarked
package io.xinglin.story;

import org.jspecify.annotations.NullMarked;
