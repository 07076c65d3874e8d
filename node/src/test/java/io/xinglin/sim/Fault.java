package io.xinglin.sim;

import java.util.Locale;

/// What goes wrong in a world, and how often where it is likely to.
enum Fault {
    CRASH(0),
    POWER_CUT(0),
    NAME_OR_CONTENT_LOST(0),
    DISK_ERROR(0.002),
    DATABASE_ERROR(0.004),
    COMMIT_LOST(0.02),
    COMMIT_UNTOLD(0.02),
    MESSAGE_LOST(0.1),
    MESSAGE_TWICE(0.1),
    MESSAGE_LATE(0.1),
    MESSAGE_HELD(0.1),
    ANSWER_LOST(0.1),
    PARTITION(0),
    CLOCK_JUMP(0),
    FILE_DAMAGED(0),
    HEAD_FILE_DAMAGED(0),
    FILES_PUT_BACK(0),
    DATABASE_PUT_BACK(0),
    LOG_ROW_DAMAGED(0),
    LEDGER_ROW_DAMAGED(0),
    SPLIT_VIEW(0);

    private final double chanceMax;

    Fault(double chanceMax) {
        this.chanceMax = chanceMax;
    }

    double chanceMax() {
        return chanceMax;
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
