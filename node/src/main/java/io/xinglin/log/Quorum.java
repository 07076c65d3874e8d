package io.xinglin.log;

import io.xinglin.contracts.MemberId;
import java.util.OptionalInt;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;

/// How many witnesses must have cosigned a checkpoint of ours before it is shown and before receipts are given on it.
///
/// `majority` is more than half of the other members that witness: two such quorums share a witness, so that nobody can be
/// shown two histories unless a witness lies too. Those that cannot be reached count as well: else whoever cuts them off would lower
/// the bar. A number is exactly that number; `0` waits for nobody.
@Component
class Quorum {
    private final Members members;
    private final OptionalInt fixed;

    Quorum(Members members, @Value("${xinglin.witnesses.quorum:majority}") String setting) {
        this.members = members;
        this.fixed =
                setting.equals("majority") ? OptionalInt.empty() : OptionalInt.of(number(setting));
    }

    private static int number(String setting) {
        if (!setting.matches("[0-9]{1,3}")) {
            throw new IllegalArgumentException(
                    "xinglin.witnesses.quorum is \"majority\" or a number up to 999");
        }
        return Integer.parseInt(setting);
    }

    int of(MemberId log) {
        return fixed.orElseGet(() -> majority(members.witnessesOf(log).size()));
    }

    private static int majority(int witnesses) {
        return witnesses == 0 ? 0 : witnesses / 2 + 1;
    }
}
