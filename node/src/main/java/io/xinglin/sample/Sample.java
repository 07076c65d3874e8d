package io.xinglin.sample;

import io.xinglin.contracts.MemberId;
import io.xinglin.identity.Caller;
import io.xinglin.identity.Identities;
import io.xinglin.identity.PatientId;
import io.xinglin.identity.SampleUsers;
import io.xinglin.platform.NodeProperties;
import io.xinglin.records.Records;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.ApplicationRunner;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.core.io.ClassPathResource;
import org.springframework.core.io.FileSystemResource;
import org.springframework.stereotype.Component;

/// Makes a node the home of the sample consortium: its organisations, people and patients. The node is ready when it is done.
///
/// Everything it does may be repeated: a start after a crash finishes what was begun, and a start after that changes nothing.
@Component
@ConditionalOnBooleanProperty("xinglin.sample")
class Sample implements ApplicationRunner {
    private static final String STAFF = "https://xinglin.example/sample-users";

    private final Identities identities;
    private final Records records;
    private final SamplePatients patients;
    private final SampleUsers users;
    private final NodeProperties node;
    private final SecureRandom random;
    private final Progress progress;
    private volatile boolean stopping;

    Sample(
            Identities identities,
            Records records,
            SamplePatients patients,
            SampleUsers users,
            NodeProperties node,
            SecureRandom random,
            Progress progress) {
        this.identities = identities;
        this.records = records;
        this.patients = patients;
        this.users = users;
        this.node = node;
        this.random = random;
        this.progress = progress;
    }

    @Override
    public void run(ApplicationArguments arguments) throws IOException {
        if (node.readOnly()) {
            return;
        }
        try {
            setUp();
        } catch (RuntimeException e) {
            if (!stopping) {
                throw e;
            }
            // Whoever stops the node now needs no account of what it could not finish: the next
            // start does.
            while (stopping) {
                LockSupport.park();
            }
        }
    }

    @EventListener(ContextClosedEvent.class)
    void stop() {
        stopping = true;
    }

    private void setUp() throws IOException {
        var organisations = Consortium.named(node.sampleMembers());
        if (identities.hosted().isEmpty()) {
            progress.say(
                    "Setting up the sample consortium of %d organisations …"
                            .formatted(organisations.size()));
        }
        identities.host(organisations);
        cast().stream().filter(SampleUser::isStaff).forEach(this::employ);
        admitUsers();
        if (node.sampleRecords()) {
            patients.load(builtIn());
            for (var file : added()) {
                patients.load(new BundleFile(new FileSystemResource(file)));
            }
        }
    }

    /// Whose organisation is at home here.
    private List<SampleUser> cast() {
        return SampleUser.CAST.stream()
                .filter(user -> identities.hosts(user.organisation()))
                .toList();
    }

    static BundleFile builtIn() {
        return new BundleFile(new ClassPathResource("sample/synthea.ndjson.gz"));
    }

    /// What `make sample` has put there.
    private List<Path> added() throws IOException {
        var directory = node.data().resolve("sample");
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (var files = Files.list(directory)) {
            return files.filter(file -> file.toString().endsWith(".ndjson.gz")).sorted().toList();
        }
    }

    /// Gives a member of staff a FHIR Practitioner, whose id is their name, and a key.
    private void employ(SampleUser user) {
        var employer = user.organisation();
        if (records.find(employer, "Practitioner", STAFF, user.name()).isEmpty()) {
            records.transaction(
                    employer,
                    practitioner(user).getBytes(StandardCharsets.UTF_8),
                    new Caller.Service(employer, "sample"));
        }
        identities.enrol(user.practitioner());
    }

    private static String practitioner(SampleUser user) {
        return """
               {"resourceType": "Bundle", "type": "transaction", "entry": [{
                 "resource": {"resourceType": "Practitioner", "id": "%1$s", "active": true,
                   "identifier": [{"system": "%2$s", "value": "%1$s"}],
                   "name": [{"text": "%3$s"}]},
                 "request": {"method": "PUT", "url": "Practitioner/%1$s"}}]}
               """
                .formatted(user.name(), STAFF, user.fullName());
    }

    private void admitUsers() throws IOException {
        var file = new UserFile(node.data());
        var secrets = file.secrets(cast(), random);
        var synthea = firstPatients();
        for (var user : cast()) {
            var secret = secrets.getOrDefault(user.name(), "");
            if (user.isPatient()) {
                var id = Optional.ofNullable(synthea.get(user.organisation()));
                users.register(user.name(), secret, () -> id.flatMap(this::patient));
            } else {
                users.register(user.name(), secret, user.caller());
            }
        }
        file.write(cast(), secrets);
    }

    /// The patient of Synthea's as whom one can sign in at each organisation, by Synthea's id: the first in the file.
    private static Map<MemberId, String> firstPatients() throws IOException {
        var first = new TreeMap<MemberId, String>();
        builtIn()
                .read(
                        line -> {
                            if (line instanceof BundleFile.Line.Patient(var id, _)) {
                                first.putIfAbsent(Consortium.custodian(id), id);
                            }
                        });
        return first;
    }

    private Optional<Caller> patient(String syntheaId) {
        var custodian = Consortium.custodian(syntheaId);
        return patients.find(syntheaId).map(id -> new Caller.Patient(new PatientId(custodian, id)));
    }
}
