package io.xinglin.sample;

import io.xinglin.contracts.MemberId;
import io.xinglin.identity.Caller;
import io.xinglin.identity.PractitionerId;
import io.xinglin.identity.PurposeOfUse;
import java.util.List;

/// Somebody of the sample consortium whom one can be.
///
/// @param name what `make token USER=` calls them
/// @param work what they are there, which decides what they are taken for
/// @param organisation where
/// @param who a few words about them
/// @param advice what to try as them
record SampleUser(String name, Work work, MemberId organisation, String who, String advice) {
    /// What somebody is at an organisation.
    enum Work {
        PATIENT("patient"),
        CLINICIAN("clinician"),
        PRIVACY_OFFICER("privacy officer"),
        REGULATOR("regulator"),
        DIRECTOR("director"),
        INTEGRATOR("integrator");

        private final String words;

        Work(String words) {
            this.words = words;
        }

        String words() {
            return words;
        }
    }

    static final List<SampleUser> CAST =
            List.of(
                    new SampleUser(
                            "wang",
                            Work.PATIENT,
                            Consortium.CITY_FIRST,
                            "Wang Xiulan, with a long record",
                            "read your own record, consent, withdraw, see who looked"),
                    new SampleUser(
                            "zhao",
                            Work.PATIENT,
                            Consortium.RIVER,
                            "Zhao Ming, a patient of the other hospital",
                            "read your own record; nobody else's"),
                    new SampleUser(
                            "zhang",
                            Work.CLINICIAN,
                            Consortium.CITY_FIRST,
                            "Dr Zhang Wei, treats wang",
                            "read and write records of your hospital; wang will see it"),
                    new SampleUser(
                            "li",
                            Work.CLINICIAN,
                            Consortium.RIVER,
                            "Dr Li Na, asks for wang's results",
                            "read at city-first-hospital through /exchange: refused until wang consents"),
                    new SampleUser(
                            "sun",
                            Work.CLINICIAN,
                            Consortium.APRICOT,
                            "Dr Sun Hua, the family doctor",
                            "read records of the clinic"),
                    new SampleUser(
                            "chen",
                            Work.PRIVACY_OFFICER,
                            Consortium.CITY_FIRST,
                            "Chen Jing, looks after privacy",
                            "read a record for operations, not treatment: the patient sees the purpose"),
                    new SampleUser(
                            "qian",
                            Work.REGULATOR,
                            Consortium.AUTHORITY,
                            "Qian Yu, supervises the members",
                            "check ledger and logs; reading a record through /exchange is refused"),
                    director("gao", Consortium.RIVER, "Gao Lin"),
                    director("he", Consortium.APRICOT, "He Ping"),
                    director("lin", Consortium.PHARMACY, "Lin Tao"),
                    director("xu", Consortium.MAKER, "Xu Yan"),
                    director("tang", Consortium.DISTRIBUTOR, "Tang Jie"),
                    director("song", Consortium.INSURER, "Song Rui"),
                    director("mei", Consortium.INSTITUTE, "Mei Fang"),
                    new SampleUser(
                            "integrator",
                            Work.INTEGRATOR,
                            Consortium.CITY_FIRST,
                            "the hospital's own systems",
                            "POST a transaction bundle to /fhir/city-first-hospital"));

    private static SampleUser director(String name, MemberId organisation, String fullName) {
        return new SampleUser(
                name,
                Work.DIRECTOR,
                organisation,
                fullName + ", speaks for the organisation",
                "propose a change to the members, or vote, through /governance; so may chen and qian");
    }

    boolean isPatient() {
        return work == Work.PATIENT;
    }

    /// Their FHIR Practitioner, if they are one.
    boolean isStaff() {
        return work != Work.PATIENT && work != Work.INTEGRATOR;
    }

    /// Their name as on a badge.
    String fullName() {
        return who.substring(0, who.indexOf(','));
    }

    PractitionerId practitioner() {
        return new PractitionerId(organisation, name);
    }

    /// Whom the token of somebody who is not a patient stands for.
    Caller caller() {
        return switch (work) {
            case PATIENT -> throw new IllegalStateException("which patient is " + name + "?");
            case CLINICIAN -> new Caller.Staff(organisation, name, PurposeOfUse.TREAT);
            case PRIVACY_OFFICER, REGULATOR, DIRECTOR ->
                    new Caller.Staff(organisation, name, PurposeOfUse.HOPERAT);
            case INTEGRATOR -> new Caller.Service(organisation, name);
        };
    }
}
