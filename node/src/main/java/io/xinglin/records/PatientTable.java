package io.xinglin.records;

import io.xinglin.contracts.MemberId;
import java.util.Collection;
import java.util.Set;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/// Who is a patient here, and what their record holds. A patient's row is locked so that nobody is deleted while something is
/// stored for them.
@Component
class PatientTable {
    private static final String THESE =
            " from records.resource where org = ? and type = 'Patient' and id = any(?)"
                    + " and not deleted";

    private final JdbcClient jdbc;

    PatientTable(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /// Those who are stored here and not deleted.
    Set<String> known(MemberId custodian, Collection<String> patients) {
        return patients.isEmpty() ? Set.of() : these(custodian, patients, "");
    }

    /// The same; they stay so until this transaction ends. Who changes them is not held up.
    Set<String> keep(MemberId custodian, Collection<String> patients) {
        return patients.isEmpty()
                ? Set.of()
                : these(custodian, patients, " order by key for key share");
    }

    /// Waits for whoever stores something for these, and holds up who wants to, until this transaction ends.
    void lock(MemberId custodian, Collection<String> patients) {
        if (!patients.isEmpty()) {
            these(custodian, patients, " order by key for update");
        }
    }

    private Set<String> these(MemberId custodian, Collection<String> patients, String how) {
        return Set.copyOf(
                jdbc.sql("select id" + THESE + how)
                        .params(custodian.value(), patients.toArray(String[]::new))
                        .query(String.class)
                        .list());
    }

    /// What is in a patient's record beside the Patient: `2 Observation, 1 Condition`. Empty if nothing.
    String record(MemberId custodian, String patient) {
        return String.join(
                ", ",
                jdbc.sql(
                                """
                                select count(*) || ' ' || type from records.resource
                                where org = ? and owner = ? and not deleted
                                  and not (type = 'Patient' and id = ?)
                                group by type order by type
                                """)
                        .params(custodian.value(), patient, patient)
                        .query(String.class)
                        .list());
    }
}
