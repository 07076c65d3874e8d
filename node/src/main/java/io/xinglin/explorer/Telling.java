package io.xinglin.explorer;

import io.xinglin.contracts.AnchorCommand;
import io.xinglin.contracts.Change;
import io.xinglin.contracts.Command;
import io.xinglin.contracts.ConsentCommand;
import io.xinglin.contracts.GovernanceCommand;
import io.xinglin.contracts.KeyId;
import io.xinglin.contracts.KeysCommand;
import io.xinglin.contracts.Member;
import io.xinglin.contracts.MemberId;
import io.xinglin.contracts.MembershipCommand;
import io.xinglin.contracts.SignedTransaction;
import io.xinglin.ledger.Ledger;
import io.xinglin.ledger.TransactionView;
import io.xinglin.web.Words;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/// Tells in one language what transactions say.
record Telling(Words words, Ledger ledger) {
    static final String VALID = "valid";

    /// Something that a transaction states, and where it leads.
    ///
    /// @param label the name of it
    /// @param value what it is
    /// @param address where to see more, or empty
    /// @param code whether it is for machines: shown as such
    record Fact(String label, String value, String address, boolean code) {}

    /// One sentence that says what it does.
    String sentence(TransactionView transaction) {
        return sentence(SignedTransaction.parse(transaction.jws()));
    }

    private String sentence(SignedTransaction transaction) {
        var signer = transaction.signer();
        return switch (transaction.command()) {
            case MembershipCommand.Found found -> words.say("tell.found", found.admitted().size());
            case MembershipCommand.Join join -> words.say("tell.join", name(join.member()));
            case MembershipCommand.Update _ -> words.say("tell.update", whoseMember(signer));
            case KeysCommand.Register register -> ofOwner("tell.register", register.key().keyId());
            case KeysCommand.Rotate _ -> ofOwner("tell.rotate", signer);
            case KeysCommand.Revoke revoke -> ofOwner("tell.revoke", revoke.kid());
            case ConsentCommand.Grant grant ->
                    words.say("tell.grant", name(grant.custodian()), words.day(grant.notAfter()));
            case ConsentCommand.Withdraw _ -> words.say("tell.withdraw", whoseMember(signer));
            case AnchorCommand.Checkpoint checkpoint ->
                    words.say(
                            "tell.anchor",
                            whoseMember(signer),
                            checkpoint.size(),
                            words.number(checkpoint.size()));
            case GovernanceCommand.Propose propose ->
                    words.say("tell.propose", whoseMember(signer), change(propose.change()));
            case GovernanceCommand.Vote vote ->
                    words.say(
                            vote.agreed() ? "tell.vote.yes" : "tell.vote.no",
                            whoseMember(signer),
                            proposed(vote.proposal()));
            case GovernanceCommand.Decide decide ->
                    words.say("tell.decide", proposed(decide.proposal()));
        };
    }

    /// What a proposal would change.
    String change(Change change) {
        return switch (change) {
            case Change.Admission(var member, _) -> words.say("change.admission", name(member));
            case Change.Suspension(var member) -> words.say("change.suspension", name(member));
            case Change.Readmission(var member) -> words.say("change.readmission", name(member));
            case Change.Upgrade(var contract, var version) ->
                    words.say("change.upgrade", words.say("contract." + contract), version);
            case Change.Setting(var parameter, var value) ->
                    words.say(
                            "change.setting",
                            words.say("parameter." + parameter.word()),
                            words.number(value));
        };
    }

    private String proposed(UUID proposal) {
        return ledger.proposal(proposal)
                .map(found -> change(found.change()))
                .orElseGet(() -> words.say("change.unknown"));
    }

    /// What it states, one thing after the other.
    List<Fact> facts(SignedTransaction transaction) {
        return switch (transaction.command()) {
            case MembershipCommand.Found found ->
                    found.admitted().keySet().stream()
                            .map(id -> member("fact.admitted", id))
                            .toList();
            case MembershipCommand.Join join ->
                    List.of(
                            member("fact.member", join.member().id()),
                            text("fact.roles", roles(join.member())),
                            code("fact.fhir", join.member().fhir()),
                            code("fact.log.key", join.member().log().vkey()),
                            key("fact.key", join.key().keyId()));
            case MembershipCommand.Update update ->
                    Stream.of(
                                    update.name()
                                            .map(it -> text("fact.name", name(it.zh(), it.en()))),
                                    update.fhir().map(it -> code("fact.fhir", it)),
                                    update.log().map(it -> code("fact.log.key", it.vkey())))
                            .flatMap(Optional::stream)
                            .toList();
            case KeysCommand.Register register -> List.of(key("fact.key", register.key().keyId()));
            case KeysCommand.Rotate rotate ->
                    List.of(
                            key("fact.key.old", transaction.signer()),
                            key("fact.key.new", rotate.key().keyId()));
            case KeysCommand.Revoke revoke -> List.of(key("fact.key", revoke.kid()));
            case ConsentCommand.Grant grant ->
                    List.of(
                            member("fact.custodian", grant.custodian()),
                            text("fact.until", words.moment(grant.notAfter())),
                            code("fact.consent", grant.consent().toString()),
                            code("fact.commitment", grant.commitment()));
            case ConsentCommand.Withdraw withdraw ->
                    List.of(code("fact.consent", withdraw.consent().toString()));
            case AnchorCommand.Checkpoint checkpoint ->
                    List.of(
                            text("fact.size", words.number(checkpoint.size())),
                            code("fact.root", checkpoint.root()),
                            code("fact.origin", checkpoint.origin()));
            case GovernanceCommand.Propose propose ->
                    List.of(
                            text("fact.change", change(propose.change())),
                            text("fact.vote.until", words.moment(propose.expires())),
                            code("fact.proposal", propose.proposal().toString()));
            case GovernanceCommand.Vote vote ->
                    List.of(
                            text("fact.change", proposed(vote.proposal())),
                            code("fact.proposal", vote.proposal().toString()));
            case GovernanceCommand.Decide decide ->
                    List.of(
                            text("fact.change", proposed(decide.proposal())),
                            code("fact.proposal", decide.proposal().toString()));
        };
    }

    /// What nobody can see from it, if that is worth saying: the name of the words.
    static String silence(Command command) {
        return switch (command) {
            case ConsentCommand _ -> "silence.consent";
            case KeysCommand _ -> "silence.keys";
            case AnchorCommand _ -> "silence.anchor";
            case MembershipCommand _, GovernanceCommand _ -> "silence.membership";
        };
    }

    /// Whose key it is: "a patient of City First Hospital".
    String owner(KeyId kid) {
        return ledger.key(kid)
                .map(key -> words.say("owner." + key.kind().word(), name(key.member())))
                .orElseGet(() -> words.say("owner.unknown"));
    }

    private String ofOwner(String family, KeyId kid) {
        return ledger.key(kid)
                .map(key -> words.say(family + "." + key.kind().word(), name(key.member())))
                .orElseGet(() -> words.say(family + ".unknown"));
    }

    private String whoseMember(KeyId kid) {
        return ledger.key(kid)
                .map(key -> name(key.member()))
                .orElseGet(() -> words.say("owner.unknown"));
    }

    /// A member's name in this language.
    String name(MemberId id) {
        return ledger.member(id).map(this::name).orElseGet(id::value);
    }

    String name(Member member) {
        return name(member.name().zh(), member.name().en());
    }

    /// The name in the other language.
    String also(Member member) {
        return name(member.name().en(), member.name().zh());
    }

    String alsoLanguage() {
        return words.isChinese() ? "en" : "zh-CN";
    }

    String roles(Member member) {
        return String.join(
                words.say("list.comma"),
                member.roles().stream().map(role -> words.say("role." + role.word())).toList());
    }

    private String name(String chinese, String english) {
        return words.isChinese() ? chinese : english;
    }

    private Fact text(String label, String value) {
        return new Fact(words.say(label), value, "", false);
    }

    private Fact code(String label, String value) {
        return new Fact(words.say(label), value, "", true);
    }

    private Fact member(String label, MemberId id) {
        return new Fact(words.say(label), name(id), "/explorer/members/" + id, false);
    }

    private Fact key(String label, KeyId kid) {
        return new Fact(words.say(label), kid.value(), "/explorer/keys/" + kid, true);
    }
}
