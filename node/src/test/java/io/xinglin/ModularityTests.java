package io.xinglin;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.springframework.modulith.core.ApplicationModules;

class ModularityTests {
    private static final JavaClasses CODE =
            new ClassFileImporter()
                    .withImportOption(new ImportOption.DoNotIncludeTests())
                    .importPackages("io.xinglin");

    @Test
    void modules_use_only_what_they_say_they_use() {
        ApplicationModules.of(Application.class).verify();
    }

    @Test
    void nothing_asks_the_system_for_the_time() {
        noClasses()
                .that()
                .resideOutsideOfPackage("..platform..")
                .should()
                .callMethod(Instant.class, "now")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .because("time is an injected InstantSource")
                .check(CODE);
    }

    @Test
    void the_log_library_and_the_contracts_know_no_framework() {
        noClasses()
                .that()
                .resideInAnyPackage("io.xinglin.tlog..", "io.xinglin.contracts..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.springframework..", "ca.uhn..", "jakarta..")
                .check(CODE);
    }
}
