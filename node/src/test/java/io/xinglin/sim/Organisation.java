package io.xinglin.sim;

import io.xinglin.contracts.Member;
import io.xinglin.contracts.MemberId;
import io.xinglin.contracts.MemberLog;
import io.xinglin.contracts.MemberName;
import io.xinglin.contracts.MemberRole;
import io.xinglin.contracts.MemberWitness;
import io.xinglin.log.LogTruth;
import io.xinglin.tlog.Cosigner;
import io.xinglin.tlog.NoteSigner;
import java.util.List;

/// A member of the consortium, its keys, and what is true of its log.
///
/// @param id who it is
/// @param machine where it is at home
/// @param key signs its transactions
/// @param log signs its checkpoints
/// @param witness cosigns those of others
/// @param truth what its log must be
record Organisation(
        MemberId id, Machine machine, Key key, NoteSigner log, Cosigner witness, LogTruth truth) {
    static Organisation of(int number, Machine machine) {
        var id = new MemberId("hospital-" + number);
        var origin = machine.name + "/log/" + id;
        return new Organisation(
                id,
                machine,
                Key.of(10 + number),
                Key.of(30 + number).log(origin),
                Key.of(50 + number).witness(origin + "/witness"),
                new LogTruth(id, machine.database));
    }

    NoteSigner listenedTo() {
        return truth.listenedTo(log);
    }

    Member member() {
        var url = "https://" + machine.name + "/log/" + id;
        return Member.of(
                        id,
                        new MemberName("医院", "Hospital " + id),
                        List.of(MemberRole.HOSPITAL),
                        "https://" + machine.name + "/fhir/" + id,
                        new MemberLog(log.name(), url, log.verifier().toString()))
                .witnessing(new MemberWitness(url, witness.verifier().toString()));
    }
}
