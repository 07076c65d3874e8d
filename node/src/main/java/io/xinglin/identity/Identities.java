package io.xinglin.identity;

import io.xinglin.contracts.KeyId;
import io.xinglin.contracts.MemberId;
import java.util.List;
import org.springframework.stereotype.Component;

/// The organisations of this node, their people, and everything that is done with their keys.
///
/// Private keys never leave this module: others ask for a signature, a wrapped key, or a secret derived for one purpose.
@Component
public class Identities {
    Identities() {}

    /// Makes this node the home of these organisations: creates what is missing of their keys, founds the ledger if it is empty, joins
    /// it. Safe to repeat; what a crash left half done is finished.
    ///
    /// Not to be called inside a database transaction, like everything here that waits for the ledger.
    public void host(List<Organisation> organisations) {
        throw new UnsupportedOperationException();
    }

    /// The organisations of this node, in order of their ids.
    public List<MemberId> hosted() {
        throw new UnsupportedOperationException();
    }

    /// Whether this organisation is one of this node.
    public boolean hosts(MemberId member) {
        return hosted().contains(member);
    }

    /// Gives a patient keys and registers the public one on the ledger. Safe to repeat; not inside a database transaction.
    ///
    /// @return the patient's signing key at this custodian
    public KeyId enrol(PatientId patient) {
        throw new UnsupportedOperationException();
    }

    /// Gives a practitioner a key and registers its public half on the ledger. Safe to repeat; not inside a database transaction.
    public KeyId enrol(PractitionerId practitioner) {
        throw new UnsupportedOperationException();
    }

    /// Wraps a key so that only its holder can unwrap it.
    ///
    /// @return a compact JWE, `ECDH-ES+A256KW` and `A256GCM`
    public String wrap(KeyHolder holder, byte[] key) {
        throw new UnsupportedOperationException();
    }

    /// Unwraps what [#wrap] made for this holder.
    ///
    /// @throws Aead.Tampered if it was changed or made for someone else
    public byte[] unwrap(KeyHolder holder, String jwe) {
        throw new UnsupportedOperationException();
    }

    /// 32 secret bytes of this organisation for one purpose; always the same for the same label.
    public byte[] secret(MemberId organisation, String label) {
        throw new UnsupportedOperationException();
    }

    /// Sealing of an organisation's small rows for one purpose, under [#secret].
    public Aead aead(MemberId organisation, String label) {
        throw new UnsupportedOperationException();
    }
}
