package io.xinglin.governance;

import static io.xinglin.Consortium.CITY;
import static io.xinglin.Consortium.CLINIC;
import static io.xinglin.Consortium.RIVER;
import static org.assertj.core.api.Assertions.assertThat;

import io.xinglin.Http;
import io.xinglin.Http.Answer;
import io.xinglin.TestNode;
import io.xinglin.contracts.MemberId;
import io.xinglin.identity.Caller;
import io.xinglin.identity.PatientId;
import io.xinglin.identity.PurposeOfUse;
import io.xinglin.identity.SampleUsers;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;

@TestNode
class GovernanceTests {
    private static final String SECRET = "0123456789abcdef0123456789abcdef";

    /// What holds anyway, so that other tests on this node see no difference.
    private static final String HARMLESS =
            "{\"change\": {\"kind\": \"setting\", \"parameter\": \"majority-percent\", \"value\": 50}, \"days\": 7}";

    @Autowired private SampleUsers users;
    @Autowired private Http http;

    @Test
    void members_propose_vote_and_decide_and_everyone_sees_who_voted_what() {
        var proposal = proposed();

        assertThat(vote(RIVER, proposal, "yes").status()).isEqualTo(200);
        assertThat(vote(CITY, proposal, "no").status()).isEqualTo(200);
        assertThat(vote(CLINIC, proposal, "yes").status()).isEqualTo(200);
        var decided = decide(CITY, proposal);

        assertThat(decided.json().path("status").asString()).isEqualTo("accepted");
        var shown = http.get("/ledger/proposals/" + proposal, "").json();
        assertThat(shown.path("status").asString()).isEqualTo("accepted");
        assertThat(shown.path("proposer").asString()).isEqualTo(CITY.value());
        assertThat(shown.path("votes").valueStream().map(Object::toString))
                .containsExactlyInAnyOrder(
                        "{\"member\":\"apricot-clinic\",\"vote\":\"yes\"}",
                        "{\"member\":\"city-first-hospital\",\"vote\":\"no\"}",
                        "{\"member\":\"river-hospital\",\"vote\":\"yes\"}");
    }

    @Test
    void what_the_rules_do_not_allow_the_ledger_refuses_and_says_which() {
        var proposal = proposed();

        assertThat(code(decide(CITY, proposal))).isEqualTo("409 undecided");
        vote(CITY, proposal, "yes");
        assertThat(code(vote(CITY, proposal, "no"))).isEqualTo("409 already-exists");
        for (var unknown : List.of("00000000-0000-4000-8000-000000000000", "1-1-1-1-1", "no-id")) {
            assertThat(vote(RIVER, unknown, "yes").status()).isEqualTo(404);
            assertThat(decide(RIVER, unknown).status()).isEqualTo(404);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "suspension,  nobody-knows,   409 unknown-member",
        "readmission, nobody-knows,   409 unknown-member",
        "readmission, river-hospital, 409 not-suspended"
    })
    void what_cannot_be_done_to_an_organisation_is_not_even_proposed(
            String kind, String member, String refusal) {
        var change = "{\"kind\": \"" + kind + "\", \"member\": \"" + member + "\"}";

        var answer =
                http.post(
                        proposals(CITY),
                        director(CITY),
                        "{\"change\": " + change + ", \"days\": 7}");

        assertThat(code(answer)).isEqualTo(refusal);
    }

    @Test
    void only_staff_for_operations_speak_for_their_organisation_and_for_no_other() {
        var doctor = token("gov-doctor", new Caller.Staff(CITY, "wu", PurposeOfUse.TREAT));
        var patient = token("gov-patient", new Caller.Patient(new PatientId(CITY, "gov")));
        var system = token("gov-system", new Caller.Service(CITY, "gov"));

        for (var token : new String[] {doctor, patient, system}) {
            var answer = http.post(proposals(CITY), token, HARMLESS);
            assertThat(answer.status()).isEqualTo(403);
            assertThat(answer.json().path("type").asString())
                    .isEqualTo("/problems/only-for-operations");
        }
        assertThat(http.post(proposals(RIVER), director(CITY), HARMLESS).status()).isEqualTo(401);
        assertThat(http.post(proposals(CITY), "", HARMLESS).status()).isEqualTo(401);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "{}",
                "{\"change\": {\"kind\": \"suspension\", \"member\": \"river-hospital\"}}",
                "{\"change\": {\"kind\": \"suspension\", \"member\": \"river-hospital\"}, \"days\": 91}",
                "{\"change\": {\"kind\": \"suspension\", \"member\": \"river-hospital\"}, \"days\": -1}",
                "{\"change\": {\"kind\": \"suspension\", \"member\": \"river-hospital\"}, \"days\": 1.9}",
                "{\"change\": {\"kind\": \"suspension\", \"member\": \"river-hospital\"}, \"days\": \"5\"}",
                "{\"change\": {\"kind\": \"suspension\", \"member\": \"river-hospital\"}, \"days\": 1, \"x\": 1}"
            })
    void what_cannot_be_read_is_a_400_that_says_what_to_send(String body) {
        var answer = http.post(proposals(CITY), director(CITY), body);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.json().path("detail").asString()).contains("days");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"suspension\"",
                "{\"kind\": \"coup\"}",
                "{\"kind\": \"suspension\", \"member\": \"../x\"}",
                "{\"kind\": \"upgrade\", \"contract\": \"consent\", \"version\": 99}",
                "{\"kind\": \"setting\", \"parameter\": \"block-transactions\", \"value\": 0}",
                "{\"kind\": \"admission\", \"member\": \"new\", \"kid\": \"short\"}"
            })
    void a_change_that_could_never_be_made_is_a_422_that_says_why(String change) {
        var answer =
                http.post(
                        proposals(CITY),
                        director(CITY),
                        "{\"change\": " + change + ", \"days\": 7}");

        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.json().path("type").asString()).isEqualTo("/problems/bad-change");
    }

    private String proposed() {
        var answer = http.post(proposals(CITY), director(CITY), HARMLESS);
        assertThat(answer.status()).isEqualTo(201);
        var id = answer.json().path("id").asString();
        assertThat(answer.header("Location")).isEqualTo("/ledger/proposals/" + id);
        return id;
    }

    private Answer vote(MemberId member, String proposal, String vote) {
        return http.post(
                proposals(member) + "/" + proposal + "/vote",
                director(member),
                "{\"vote\": \"" + vote + "\"}");
    }

    private Answer decide(MemberId member, String proposal) {
        return http.post(proposals(member) + "/" + proposal + "/decision", director(member), "");
    }

    private static String code(Answer answer) {
        return answer.status() + " " + answer.json().path("code").asString();
    }

    private static String proposals(MemberId member) {
        return "/governance/" + member + "/proposals";
    }

    private String director(MemberId member) {
        return token("director-" + member, new Caller.Staff(member, "boss", PurposeOfUse.HOPERAT));
    }

    private String token(String name, Caller caller) {
        users.register(name, SECRET, caller);
        return http.form(
                        "/fhir/" + caller.custodian() + "/oauth2/token",
                        Map.of(
                                "grant_type", "client_credentials",
                                "client_id", name,
                                "client_secret", SECRET))
                .json()
                .path("access_token")
                .asString();
    }
}
