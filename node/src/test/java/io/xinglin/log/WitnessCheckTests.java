package io.xinglin.log;

import static io.xinglin.log.LogNode.CLINIC;
import static io.xinglin.log.LogNode.HOSPITAL;
import static org.assertj.core.api.Assertions.assertThat;

import io.xinglin.fsck.Findings;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WitnessCheckTests {
    private LogNode node;

    @BeforeEach
    void cosign(@TempDir Path data) {
        node = new LogNode(TestDatabase.empty(), data);
        node.append(HOSPITAL, 30);
        node.signedUpTo(HOSPITAL, 30);
        LogNode.await(
                () -> {
                    node.cosigning.askAll();
                    return node.witnessTable.cosignedSize(HOSPITAL, CLINIC) == 30;
                });
        try (var log = new ForeignLog()) {
            node.otherLogs.add(log.known());
            var honest = log.history("");
            var forged = log.history("forged ");
            node.witnesses.answer(CLINIC, honest.request(0, honest.growTo(9)));
            node.witnesses.answer(CLINIC, forged.request(9, forged.growTo(9)));
        }
    }

    @AfterEach
    void close() {
        node.close();
    }

    @Test
    void what_is_in_order_has_no_findings() {
        var report = new Findings();

        node.witnessCheck.run(report);

        assertThat(report.found()).isEmpty();
        assertThat(report.items()).isEqualTo(4);
    }

    @Test
    void whatever_is_changed_is_found() {
        for (var change :
                List.of(
                        "update log.witnessed set note = replace(note, '9', '8') where origin like '%far%'",
                        "update log.witnessed set size = 8 where origin like '%far%'",
                        "update log.cosignature set line = translate(line, 'ab', 'ba')",
                        "update log.evidence set proved = false",
                        "update log.evidence set second_note = first_note")) {
            node.transaction.executeWithoutResult(
                    status -> {
                        node.jdbc.execute(change);
                        assertThat(findings()).as(change).isNotEmpty();
                        status.setRollbackOnly();
                    });
        }
        assertThat(findings()).isEmpty();
    }

    private List<String> findings() {
        var report = new Findings();
        node.witnessCheck.run(report);
        return report.found();
    }
}
