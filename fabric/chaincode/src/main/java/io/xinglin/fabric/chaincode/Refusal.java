package io.xinglin.fabric.chaincode;

import com.nimbusds.jose.util.JSONObjectUtils;
import io.xinglin.contracts.ContractViolation;
import java.util.OptionalInt;
import java.util.TreeMap;

/// Why a call is refused.
///
/// @param code a stable word: a contract's own, or one of this chaincode's
/// @param index which transaction of the call is to blame, if it is one
/// @param message one sentence for people
record Refusal(String code, OptionalInt index, String message) {
    /// A refusal of the whole call.
    static Refusal of(String code, String message) {
        return new Refusal(code, OptionalInt.empty(), message);
    }

    /// A refusal because of one transaction.
    static Refusal of(int index, String code, String message) {
        return new Refusal(code, OptionalInt.of(index), message);
    }

    /// A refusal because a transaction breaks a rule.
    static Refusal of(int index, ContractViolation violation) {
        return of(index, violation.code().word(), violation.getMessage());
    }

    /// One line, members sorted, no spaces.
    String toJson() {
        var members = new TreeMap<String, Object>();
        members.put("code", code);
        index.ifPresent(value -> members.put("index", value));
        members.put("message", message);
        return JSONObjectUtils.toJSONString(members);
    }
}
