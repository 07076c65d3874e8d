package io.xinglin.log;

import io.xinglin.contracts.MemberId;

/// What is stored of a log contradicts what was signed. Nothing more is signed for it until someone has looked.
public class BrokenLog extends IllegalStateException {
    private static final long serialVersionUID = 1;

    BrokenLog(MemberId organisation, String what) {
        super("log " + organisation + ": " + what + "; run fsck");
    }
}
