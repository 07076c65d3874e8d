package io.xinglin.explorer;

import io.xinglin.contracts.KeyId;
import io.xinglin.contracts.MemberId;
import io.xinglin.contracts.TransactionId;
import java.util.Locale;
import java.util.regex.Pattern;

/// What somebody typed or pasted into the search box, by its form alone: whether it exists is another question.
sealed interface Sought {
    /// A block number.
    record Block(long number) implements Sought {}

    /// A transaction id.
    record Transaction(TransactionId id) implements Sought {}

    /// A key id.
    record Key(KeyId id) implements Sought {}

    /// A member's id.
    record Member(MemberId id) implements Sought {}

    /// The text of a receipt.
    record Receipt(String text) implements Sought {
        @Override
        public String toString() {
            return "Receipt[redacted]";
        }
    }

    /// Nothing that we know a form of.
    record Unclear() implements Sought {}

    Pattern NUMBER = Pattern.compile("\\d{1,18}");
    Pattern TRANSACTION = Pattern.compile("[0-9a-fA-F]{64}");
    Pattern KEY = Pattern.compile("[A-Za-z0-9_-]{43}");
    Pattern MEMBER = Pattern.compile("[a-z][a-z0-9-]{1,62}");

    /// How a receipt begins.
    String RECEIPT = "c2sp.org/tlog-proof";

    static Sought of(String text) {
        var word = text.strip();
        if (word.startsWith(RECEIPT)) {
            return new Receipt(receipt(text));
        }
        if (NUMBER.matcher(word).matches()) {
            return new Block(Long.parseLong(word));
        }
        if (TRANSACTION.matcher(word).matches()) {
            return new Transaction(new TransactionId(word.toLowerCase(Locale.ROOT)));
        }
        if (KEY.matcher(word).matches()) {
            return new Key(new KeyId(word));
        }
        if (MEMBER.matcher(word.toLowerCase(Locale.ROOT)).matches()) {
            return MemberPages.id(word.toLowerCase(Locale.ROOT))
                    .<Sought>map(Member::new)
                    .orElseGet(Unclear::new);
        }
        return new Unclear();
    }

    /// A receipt as a file has it: a form sends other line ends, and pasting loses the last one.
    static String receipt(String text) {
        return text.replace("\r\n", "\n").strip() + "\n";
    }
}
