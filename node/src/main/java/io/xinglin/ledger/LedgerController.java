package io.xinglin.ledger;

import io.xinglin.contracts.ContractVersions;
import io.xinglin.contracts.ContractViolation;
import io.xinglin.contracts.MembershipCommand;
import io.xinglin.contracts.Parameter;
import io.xinglin.contracts.Proposal;
import io.xinglin.contracts.SignedTransaction;
import io.xinglin.contracts.StateKeys;
import io.xinglin.contracts.TransactionId;
import io.xinglin.contracts.ViolationCode;
import io.xinglin.platform.NodeProperties;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.regex.Pattern;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/// The ledger for everyone: there is nothing personal on it, and a transaction carries its own permission.
@RestController
@RequestMapping(path = "/ledger", produces = MediaType.APPLICATION_JSON_VALUE)
class LedgerController {
    private static final int BLOCKS_MAX = 100;
    private static final int TRANSACTIONS_MAX = 10_000;
    private static final int PROPOSALS_MAX = 100;
    private static final Pattern UUID_FORM =
            Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");

    private final Ledger ledger;
    private final MemberHeads heads;
    private final LedgerTables tables;
    private final BlockSigner signer;
    private final InstantSource clock;
    private final NodeProperties node;

    LedgerController(
            Ledger ledger,
            MemberHeads heads,
            LedgerTables tables,
            BlockSigner signer,
            InstantSource clock,
            NodeProperties node) {
        this.ledger = ledger;
        this.heads = heads;
        this.tables = tables;
        this.signer = signer;
        this.clock = clock;
        this.node = node;
    }

    @GetMapping
    LedgerSummary summary() {
        return new LedgerSummary(
                ledger.name(),
                ledger.height(),
                tables.head().map(LedgerStatus.LastBlock::of),
                tables.countTransactions(),
                tables.countState(StateKeys.MEMBERS),
                versions(),
                parameters(),
                signer.publicKey().json());
    }

    /// How the ledger of this node is, and how far the other members' nodes say theirs are.
    @GetMapping("/status")
    LedgerStatusView status() {
        return LedgerStatusView.of(ledger, heads.latest(), clock.instant());
    }

    private Map<String, Long> versions() {
        var versions = new TreeMap<String, Long>();
        ContractVersions.newest()
                .keySet()
                .forEach(contract -> versions.put(contract, ledger.version(contract)));
        return versions;
    }

    private Map<String, Long> parameters() {
        var parameters = new TreeMap<String, Long>();
        for (var parameter : Parameter.values()) {
            parameters.put(parameter.word(), ledger.value(parameter));
        }
        return parameters;
    }

    @GetMapping("/members")
    List<MemberView> members() {
        return ledger.members().stream()
                .map(member -> MemberView.of(member, ledger.isSuspended(member.id())))
                .toList();
    }

    /// At most 100 proposals, the last first: skip those you have got.
    @GetMapping("/proposals")
    List<ProposalView> proposals(
            @RequestParam(defaultValue = "0") long skip,
            @RequestParam(defaultValue = "100") int count) {
        if (skip < 0 || count < 1 || count > PROPOSALS_MAX) {
            throw LedgerProblem.badRange("skip must not be negative, count must be 1 to 100.");
        }
        return ledger.proposals().stream().skip(skip).limit(count).map(this::view).toList();
    }

    @GetMapping("/proposals/{id}")
    ProposalView proposal(@PathVariable String id) {
        return proposalId(id)
                .flatMap(ledger::proposal)
                .map(this::view)
                .orElseThrow(LedgerProblem::unknownProposal);
    }

    /// At most 100 blocks, fewer when they hold more than 10,000 transactions: go on after the last one you got.
    @GetMapping("/blocks")
    List<BlockView> blocks(
            @RequestParam(defaultValue = "0") long from,
            @RequestParam(defaultValue = "20") int count) {
        if (from < 0 || count < 1 || count > BLOCKS_MAX) {
            throw LedgerProblem.badRange("from must not be negative, count must be 1 to 100.");
        }
        var views = new ArrayList<BlockView>();
        var transactions = 0;
        for (var block : tables.blocks(from, count)) {
            transactions += block.header().transactions();
            if (transactions > TRANSACTIONS_MAX && !views.isEmpty()) {
                break;
            }
            views.add(view(block));
        }
        return views;
    }

    @GetMapping("/blocks/{number}")
    BlockView block(@PathVariable long number) {
        return tables.block(number)
                .map(this::view)
                .orElseThrow(() -> LedgerProblem.unknownBlock(number));
    }

    @GetMapping("/transactions/{id}")
    TransactionView transaction(@PathVariable String id) {
        return transactionId(id)
                .flatMap(tables::transaction)
                .map(TransactionView::of)
                .orElseThrow(LedgerProblem::unknownTransaction);
    }

    @PostMapping(path = "/transactions", consumes = "application/jose")
    OutcomeView submit(HttpServletRequest request) throws IOException {
        // One byte more than allowed is enough to know.
        var body = request.getInputStream().readNBytes(SignedTransaction.LENGTH_MAX + 1);
        try {
            var jws = new String(body, StandardCharsets.ISO_8859_1).strip();
            return outcome(ledger.submit(read(jws)));
        } catch (ContractViolation violation) {
            throw LedgerProblem.refused(violation.code().word(), violation.getMessage());
        } catch (LedgerUnavailable e) {
            throw LedgerProblem.unavailable();
        }
    }

    /// Up to 100 independent transactions; the answer has an outcome for each, in their order.
    @PostMapping(path = "/transactions", consumes = MediaType.APPLICATION_JSON_VALUE)
    List<Batch.Entry> submitAll(HttpServletRequest request) throws IOException {
        return Batch.parse(request.getInputStream().readNBytes(Batch.LENGTH_MAX + 1))
                .submit(this::read, ledger);
    }

    /// Else an empty ledger would be whoever's comes first.
    private SignedTransaction read(String jws) {
        var transaction = SignedTransaction.parse(jws);
        if (transaction.command() instanceof MembershipCommand.Found
                && !transaction.signer().value().equals(node.founder())) {
            throw new ContractViolation(
                    ViolationCode.NOT_PERMITTED,
                    "Only the key that the operator named may found the ledger of this node.");
        }
        return transaction;
    }

    private static OutcomeView outcome(TransactionOutcome outcome) {
        return switch (outcome) {
            case TransactionOutcome.Committed committed -> OutcomeView.of(committed);
            case TransactionOutcome.Refused refused ->
                    throw LedgerProblem.refused(refused.code(), refused.message());
        };
    }

    private BlockView view(Block block) {
        return BlockView.of(block, tables.transactionsOf(block.header().number()));
    }

    private ProposalView view(Proposal proposal) {
        return ProposalView.of(proposal, ledger, clock.instant());
    }

    private static Optional<UUID> proposalId(String text) {
        return UUID_FORM.matcher(text).matches()
                ? Optional.of(UUID.fromString(text))
                : Optional.empty();
    }

    private static Optional<TransactionId> transactionId(String text) {
        try {
            return Optional.of(new TransactionId(text));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
