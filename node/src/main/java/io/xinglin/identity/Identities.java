package io.xinglin.identity;

import io.xinglin.contracts.Command;
import io.xinglin.contracts.ContractVersions;
import io.xinglin.contracts.KeyId;
import io.xinglin.contracts.KeyKind;
import io.xinglin.contracts.KeyStatus;
import io.xinglin.contracts.KeysCommand;
import io.xinglin.contracts.Member;
import io.xinglin.contracts.MemberId;
import io.xinglin.contracts.MemberLog;
import io.xinglin.contracts.MemberWitness;
import io.xinglin.contracts.MembershipCommand;
import io.xinglin.contracts.PublicJwk;
import io.xinglin.contracts.RegisteredKey;
import io.xinglin.contracts.RotationProof;
import io.xinglin.contracts.SignedTransaction;
import io.xinglin.contracts.ViolationCode;
import io.xinglin.contracts.Voucher;
import io.xinglin.identity.Keys.StoredKey;
import io.xinglin.ledger.Ledger;
import io.xinglin.ledger.LedgerUnavailable;
import io.xinglin.ledger.TransactionOutcome;
import io.xinglin.ledger.TransactionOutcome.Refused;
import io.xinglin.platform.NodeProperties;
import io.xinglin.tlog.CosignatureVerifier;
import io.xinglin.tlog.Cosigner;
import io.xinglin.tlog.NoteSigner;
import io.xinglin.tlog.NoteVerifier;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.event.ApplicationStartedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/// The organisations of this node, their people, and everything that is done with their keys.
///
/// Private keys never leave this module: others ask for a signature, a wrapped key, or a secret derived for one purpose. What waits
/// for the ledger ([#host], [#enrol], [#submit], [#rotate], [#revoke]) must not be called inside a database transaction, and may be repeated
/// after a crash.
@Component
public class Identities {
    private static final Logger LOG = LoggerFactory.getLogger(Identities.class);
    private static final Duration TRANSACTION_LIFETIME = Duration.ofMinutes(5);

    /// What a member is told that asks to join before it is admitted, or before this node has the blocks that say so.
    private static final Set<String> TOO_EARLY =
            Set.of(ViolationCode.NOT_ADMITTED.word(), ViolationCode.WRONG_VERSION.word());

    private final Keys keys;
    private final Organisations organisations;
    private final Ledger ledger;
    private final Addresses addresses;
    private final ClientAssertions assertions;
    private final NodeProperties node;
    private final InstantSource clock;
    private final SecureRandom random;

    Identities(
            Keys keys,
            Organisations organisations,
            Ledger ledger,
            Addresses addresses,
            ClientAssertions assertions,
            NodeProperties node,
            InstantSource clock,
            SecureRandom random) {
        this.keys = keys;
        this.organisations = organisations;
        this.ledger = ledger;
        this.addresses = addresses;
        this.assertions = assertions;
        this.node = node;
        this.clock = clock;
        this.random = random;
    }

    /// Makes this node the home of these organisations: creates what is missing of their keys, founds the ledger if it is empty, and
    /// joins it. The first of them is then the founder; admitted are these and those that introduced themselves.
    ///
    /// A node that does not found waits until its organisations are admitted.
    ///
    /// @throws LedgerRefusal if the ledger was founded here without admitting one of them
    public void host(List<Organisation> hosted) {
        requireNoTransaction();
        hosted.forEach(organisation -> organisations.create(organisation, addresses));
        if (!hosted.isEmpty()) {
            new Introduction(admissions(hosted)).write(node.data());
        }
        if (!hosted.isEmpty() && node.founds() && ledger.members().isEmpty()) {
            found(hosted);
        }
        for (var organisation : hosted) {
            if (node.founds()) {
                join(organisation);
            } else {
                joinOnceAdmitted(organisation);
            }
        }
        organisations.refresh();
    }

    /// The organisations of this node, in order of their ids.
    public List<MemberId> hosted() {
        return organisations.ids();
    }

    /// Whether this organisation is one of this node.
    public boolean hosts(MemberId member) {
        return organisations.contains(member);
    }

    /// Gives a patient keys and registers the public one on the ledger.
    ///
    /// @return the patient's signing key at this custodian
    public KeyId enrol(PatientId patient) {
        var holder = new KeyHolder.Patient(patient);
        var known = keys.current(holder, KeyPurpose.SIGN);
        if (known.isPresent()) {
            return known.get().kid();
        }
        keys.create(holder, KeyPurpose.WRAP);
        return register(holder, KeyKind.PATIENT);
    }

    /// Gives a practitioner a key and registers its public half on the ledger.
    public KeyId enrol(PractitionerId practitioner) {
        var holder = new KeyHolder.Practitioner(practitioner);
        return keys.current(holder, KeyPurpose.SIGN)
                .map(StoredKey::kid)
                .orElseGet(() -> register(holder, KeyKind.PRACTITIONER));
    }

    /// Signs a command for an organisation and submits it.
    public TransactionOutcome submit(MemberId signer, Command command) {
        return submit(new KeyHolder.Organisation(signer), command);
    }

    /// Signs a command for a patient and submits it.
    public TransactionOutcome submit(PatientId signer, Command command) {
        return submit(new KeyHolder.Patient(signer), command);
    }

    /// Signs a command with the holder's key and waits until the ledger committed or refused it.
    ///
    /// @throws UnknownKeyHolder if the holder has no key here, or none that the ledger knows
    public TransactionOutcome submit(KeyHolder signer, Command command) {
        requireNoTransaction();
        return submit(signing(signer), command);
    }

    /// Puts a new signing key in the place of the holder's present one. What the old one signed stays valid; it signs no more.
    ///
    /// @return the new key
    public KeyId rotate(KeyHolder holder) {
        requireNoTransaction();
        var waiting = keys.prepared(holder, KeyPurpose.SIGN).filter(this::isOnLedger);
        if (waiting.isPresent()) {
            keys.promote(waiting.get());
            return waiting.get().kid();
        }
        var old = signing(holder);
        var stored = keys.next(holder, KeyPurpose.SIGN);
        var next = keys.signing(stored);
        var proof = new RotationProof(ledger.name(), old.kid()).sign(next.kid(), next.signer());
        var outcome = submit(old, new KeysCommand.Rotate(next.publicKey(), proof));
        if (outcome instanceof Refused refused && !isOnLedger(stored)) {
            throw new LedgerRefusal(refused);
        }
        keys.promote(stored);
        return stored.kid();
    }

    /// Ends a key of this organisation or one of its people, on the ledger and here, at once.
    public void revoke(MemberId member, KeyId kid) {
        requireNoTransaction();
        var outcome = submit(member, new KeysCommand.Revoke(kid));
        if (outcome instanceof Refused refused
                && ledger.key(kid).filter(k -> k.status() == KeyStatus.REVOKED).isEmpty()) {
            throw new LedgerRefusal(refused);
        }
        keys.revoke(kid);
    }

    /// Signs the checkpoints of an organisation's log; its name is the log's origin.
    public NoteSigner logSigner(MemberId organisation) {
        var key = own(organisation, KeyPurpose.LOG);
        var privateKey = keys.open(key);
        return NoteSigner.of(
                NoteVerifier.ed25519(organisations.origin(organisation), ed25519(key)),
                message -> ed25519(privateKey, message));
    }

    /// Cosigns checkpoints of other logs for an organisation; its name is the origin of its own log, followed by `/witness`.
    public Cosigner witness(MemberId organisation) {
        var key = own(organisation, KeyPurpose.WITNESS);
        var privateKey = keys.open(key);
        var name = organisations.origin(organisation) + "/witness";
        return Cosigner.of(
                CosignatureVerifier.ed25519(name, ed25519(key)),
                message -> ed25519(privateKey, message));
    }

    private StoredKey own(MemberId organisation, KeyPurpose purpose) {
        var holder = new KeyHolder.Organisation(organisation);
        return keys.current(holder, purpose).orElseThrow(() -> new UnknownKeyHolder(holder));
    }

    /// Ends what a patient signs with, on the ledger and here. Safe to repeat.
    public void end(PatientId patient) {
        for (var key : keys.of(new KeyHolder.Patient(patient))) {
            if (key.purpose() == KeyPurpose.SIGN && isActive(key)) {
                revoke(patient.custodian(), key.kid());
            }
        }
    }

    private boolean isActive(StoredKey key) {
        return ledger.key(key.kid()).filter(RegisteredKey::isActive).isPresent();
    }

    /// Destroys the private halves of a patient's keys, in the transaction at hand. What they signed can still be verified; what was
    /// wrapped for them can not be unwrapped any more.
    ///
    /// @return those of them that the ledger knows
    public List<KeyId> destroy(PatientId patient) {
        var holder = new KeyHolder.Patient(patient);
        var known =
                keys.of(holder).stream()
                        .filter(key -> key.purpose() == KeyPurpose.SIGN)
                        .map(StoredKey::kid)
                        .filter(kid -> ledger.key(kid).isPresent())
                        .toList();
        keys.destroy(holder);
        return known;
    }

    /// Signs a statement for an organisation with the key that the ledger knows: a compact JWS by ES256.
    ///
    /// @param typ what it is, for whoever reads it
    public String sign(MemberId organisation, String typ, Map<String, ?> statement) {
        return CompactJws.sign(statement, typ, signing(new KeyHolder.Organisation(organisation)));
    }

    /// Wraps a key so that only its holder can unwrap it.
    ///
    /// @return a compact JWE, `ECDH-ES+A256KW` and `A256GCM`
    public String wrap(KeyHolder holder, byte[] key) {
        var recipient =
                keys.current(holder, KeyPurpose.WRAP)
                        .orElseThrow(() -> new UnknownKeyHolder(holder));
        return KeyWrap.wrap(recipient.kid(), recipient.publicKey().toJwk().toECKey(), key);
    }

    /// Unwraps what [#wrap] made for this holder.
    ///
    /// @throws Aead.Tampered if it was changed or made for someone else
    public byte[] unwrap(KeyHolder holder, String jwe) {
        var recipient =
                keys.find(KeyWrap.recipient(jwe))
                        .filter(key -> key.purpose() == KeyPurpose.WRAP)
                        .filter(key -> key.holder().equals(holder))
                        .orElseThrow(Aead.Tampered::new);
        return KeyWrap.unwrap(keys.open(recipient), jwe);
    }

    /// Which key something is wrapped for, if it was wrapped here.
    public KeyId wrappedFor(String jwe) {
        return KeyWrap.recipient(jwe);
    }

    /// The key that is wrapped for an organisation with now.
    public KeyId wrapKey(MemberId organisation) {
        return own(organisation, KeyPurpose.WRAP).kid();
    }

    /// Puts a new wrap key in the place of an organisation's present one, which goes on unwrapping until it is destroyed.
    public KeyId renewWrapKey(MemberId organisation) {
        var next = keys.next(new KeyHolder.Organisation(organisation), KeyPurpose.WRAP);
        keys.promote(next);
        return next.kid();
    }

    /// Destroys the wrap keys that an organisation once used. What is still wrapped for them is lost to it.
    public void destroyRetiredWrapKeys(MemberId organisation) {
        keys.destroyRetired(new KeyHolder.Organisation(organisation), KeyPurpose.WRAP);
    }

    /// HMAC-SHA-256 of a message under a secret of this organisation for one purpose: 32 bytes, always the same.
    public byte[] mac(MemberId organisation, String label, byte[] message) {
        try {
            var mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret(organisation, label), "HmacSHA256"));
            return mac.doFinal(message);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has HMAC-SHA-256", e);
        }
    }

    /// 32 secret bytes of this organisation for one purpose; always the same for the same label.
    byte[] secret(MemberId organisation, String label) {
        return Hkdf.expand(organisations.root(organisation), "xinglin/" + label);
    }

    /// Sealing of an organisation's small rows for one purpose.
    public Aead aead(MemberId organisation, String label) {
        return Aead.of(secret(organisation, label), random);
    }

    /// A client assertion, good for one minute and once, with which a practitioner of one of our organisations asks another member.
    ///
    /// @param tokenEndpoint of the member that is asked
    public String assertion(
            PractitionerId practitioner, PurposeOfUse purpose, String tokenEndpoint) {
        var key = signing(new KeyHolder.Organisation(practitioner.organisation()));
        return assertions.make(key, practitioner, purpose, tokenEndpoint);
    }

    /// After a start, finishes what was under way when the node stopped, and tells the ledger where the node is now.
    @EventListener(ApplicationStartedEvent.class)
    void settle() {
        if (node.readOnly()) {
            return;
        }
        keys.prepared().stream().filter(this::isOnLedger).forEach(keys::promote);
        organisations.refresh();
        for (var id : hosted()) {
            try {
                // A node of before has none yet.
                keys.create(new KeyHolder.Organisation(id), KeyPurpose.WITNESS);
                ledger.member(id).ifPresent(this::updateAddress);
            } catch (LedgerRefusal | UnknownKeyHolder e) {
                LOG.error("{} cannot tell the ledger its address: {}", id, e.getMessage());
            }
        }
    }

    private void found(List<Organisation> hosted) {
        var admitted = new TreeMap<>(admissions(hosted));
        node.introductions().forEach(file -> admitted.putAll(Introduction.awaited(file).members()));
        var founder = keys.signing(ownKey(hosted.getFirst().id()));
        // Refused if it was founded before; whether we are admitted shows when we join.
        var founding =
                new MembershipCommand.Found(
                        founder.publicKey(), admitted, ContractVersions.later());
        Patience.until(() -> submit(founder, founding));
    }

    private SortedMap<MemberId, KeyId> admissions(List<Organisation> hosted) {
        var admitted = new TreeMap<MemberId, KeyId>();
        for (var organisation : hosted) {
            admitted.put(organisation.id(), ownKey(organisation.id()).kid());
        }
        return admitted;
    }

    private void joinOnceAdmitted(Organisation organisation) {
        Patience.until(
                () -> {
                    try {
                        join(organisation);
                    } catch (LedgerRefusal refusal) {
                        if (!TOO_EARLY.contains(refusal.code())) {
                            throw refusal;
                        }
                        throw new LedgerUnavailable(
                                organisation.id() + " waits until the members admit it", refusal);
                    }
                });
    }

    private void join(Organisation organisation) {
        var id = organisation.id();
        var known = ledger.member(id);
        var key = ownKey(id);
        if (known.isEmpty() || !isOnLedger(key)) {
            var signing = keys.signing(key);
            var outcome =
                    submit(
                            signing,
                            new MembershipCommand.Join(signing.publicKey(), member(organisation)));
            if (outcome instanceof Refused refused && !isOnLedger(key)) {
                throw new LedgerRefusal(refused);
            }
        }
        keys.promote(key);
        known.ifPresent(this::updateAddress);
    }

    /// The organisation's signing key, whether the ledger knows it already or not yet.
    private StoredKey ownKey(MemberId id) {
        var holder = new KeyHolder.Organisation(id);
        return keys.first(holder, KeyPurpose.SIGN);
    }

    private Member member(Organisation organisation) {
        var id = organisation.id();
        return Member.of(id, organisation.name(), organisation.roles(), addresses.fhir(id), log(id))
                .witnessing(asWitness(id));
    }

    private MemberWitness asWitness(MemberId id) {
        return new MemberWitness(addresses.log(id), witness(id).verifier().toString());
    }

    private MemberLog log(MemberId id) {
        var signer = logSigner(id);
        return new MemberLog(signer.name(), addresses.log(id), signer.verifier().toString());
    }

    private void updateAddress(Member known) {
        if (ledger.isSuspended(known.id())) {
            LOG.warn("{} is suspended and cannot tell the ledger its address", known.id());
            return;
        }
        var fhir = addresses.fhir(known.id());
        var log = log(known.id());
        var witness = asWitness(known.id());
        if (known.fhir().equals(fhir)
                && known.log().equals(log)
                && known.witness().equals(Optional.of(witness))) {
            return;
        }
        var update =
                new MembershipCommand.Update(
                        Optional.empty(),
                        Optional.of(fhir),
                        Optional.of(log),
                        Optional.of(witness));
        if (submit(known.id(), update) instanceof Refused refused) {
            throw new LedgerRefusal(refused);
        }
    }

    private KeyId register(KeyHolder holder, KeyKind kind) {
        requireNoTransaction();
        var stored = keys.first(holder, KeyPurpose.SIGN);
        if (!isOnLedger(stored)) {
            var key = keys.signing(stored);
            var member = signing(new KeyHolder.Organisation(holder.member()));
            var voucher =
                    new Voucher(ledger.name(), key.kid(), holder.member(), kind)
                            .sign(member.kid(), member.signer());
            var outcome = submit(key, new KeysCommand.Register(key.publicKey(), voucher));
            if (outcome instanceof Refused refused && !isOnLedger(stored)) {
                throw new LedgerRefusal(refused);
            }
        }
        keys.promote(stored);
        return stored.kid();
    }

    private boolean isOnLedger(StoredKey key) {
        return ledger.key(key.kid()).isPresent();
    }

    private SigningKey signing(KeyHolder holder) {
        return keys.current(holder, KeyPurpose.SIGN)
                .map(keys::signing)
                .orElseThrow(() -> new UnknownKeyHolder(holder));
    }

    private TransactionOutcome submit(SigningKey key, Command command) {
        return ledger.submit(sign(key, command));
    }

    private SignedTransaction sign(SigningKey key, Command command) {
        var nonce = new byte[16];
        random.nextBytes(nonce);
        return SignedTransaction.sign(
                ledger.name(),
                command,
                ledger.version(command.contract()),
                key.kid(),
                key.signer(),
                nonce,
                clock.instant().plus(TRANSACTION_LIFETIME));
    }

    private static byte[] ed25519(StoredKey key) {
        if (!(key.publicKey() instanceof PublicJwk.Ed25519(var x))) {
            throw new IllegalStateException("the key " + key.kid() + " is not Ed25519");
        }
        return Base64.getUrlDecoder().decode(x);
    }

    private static byte[] ed25519(PrivateKey key, byte[] message) {
        try {
            var signature = Signature.getInstance("Ed25519", Es256.CONSCRYPT);
            signature.initSign(key);
            signature.update(message);
            return signature.sign();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Ed25519 does not work here", e);
        }
    }

    /// Waiting for the ledger while holding a connection would starve the pool that the ledger itself writes through.
    private static void requireNoTransaction() {
        if (TransactionSynchronizationManager.isActualTransactionActive()) {
            throw new IllegalStateException("do not wait for the ledger inside a transaction");
        }
    }
}
