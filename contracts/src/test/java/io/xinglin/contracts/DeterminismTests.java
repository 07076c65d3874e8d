package io.xinglin.contracts;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.io.Serializable;
import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeElement;
import java.lang.classfile.Instruction;
import java.lang.classfile.MethodModel;
import java.lang.classfile.TypeKind;
import java.lang.classfile.instruction.ConvertInstruction;
import java.lang.classfile.instruction.LoadInstruction;
import java.lang.classfile.instruction.OperatorInstruction;
import java.lang.classfile.instruction.ReturnInstruction;
import java.lang.classfile.instruction.StoreInstruction;
import java.lang.constant.ConstantDescs;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.Calendar;
import java.util.Date;
import java.util.Formatter;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Hashtable;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TimeZone;
import java.util.WeakHashMap;
import org.junit.jupiter.api.Test;

/// Two members that run the same transaction must see the same: what could differ between two machines is not used.
class DeterminismTests {
    private static final JavaClasses CODE =
            new ClassFileImporter()
                    .withImportOption(new ImportOption.DoNotIncludeTests())
                    .importPackages("io.xinglin.contracts");

    @Test
    void contracts_know_no_clock_chance_locale_thread_or_file() {
        noClasses()
                .should()
                .dependOnClassesThat(
                        JavaClass.Predicates.resideInAnyPackage(
                                        "java.io..",
                                        "java.nio.file..",
                                        "java.nio.channels..",
                                        "java.net..",
                                        "java.text..",
                                        "java.util.concurrent..",
                                        "java.util.random..",
                                        "java.lang.reflect..",
                                        "java.lang.foreign..",
                                        "java.time.zone..",
                                        "org.slf4j..")
                                .and(
                                        DescribedPredicate.not(
                                                JavaClass.Predicates.type(Serializable.class))))
                .orShould()
                .dependOnClassesThat()
                .belongToAnyOf(
                        HashMap.class,
                        HashSet.class,
                        IdentityHashMap.class,
                        WeakHashMap.class,
                        Hashtable.class,
                        Random.class,
                        SecureRandom.class,
                        Locale.class,
                        TimeZone.class,
                        Date.class,
                        Calendar.class,
                        Formatter.class,
                        Clock.class,
                        InstantSource.class,
                        ZoneId.class,
                        LocalDate.class,
                        LocalDateTime.class,
                        ZonedDateTime.class,
                        System.Logger.class,
                        Thread.class,
                        ThreadLocal.class,
                        Runtime.class,
                        Process.class,
                        ClassLoader.class)
                .check(CODE);
    }

    @Test
    void contracts_call_nothing_whose_answer_depends_on_the_machine() {
        noClasses()
                .should()
                .callMethodWhere(
                        calls(
                                Map.of(
                                        "java.lang.System",
                                                Set.of(
                                                        "currentTimeMillis",
                                                        "nanoTime",
                                                        "getenv",
                                                        "getProperty",
                                                        "identityHashCode",
                                                        "lineSeparator",
                                                        "exit"),
                                        "java.time.Instant", Set.of("now"),
                                        "java.util.UUID", Set.of("randomUUID"),
                                        "java.lang.String",
                                                Set.of(
                                                        "format",
                                                        "formatted",
                                                        "toLowerCase",
                                                        "toUpperCase"),
                                        "java.nio.charset.Charset", Set.of("defaultCharset"),
                                        "java.util.Set", Set.of("of", "copyOf"),
                                        "java.util.Map", Set.of("of", "copyOf", "ofEntries"),
                                        "java.util.stream.Collectors",
                                                Set.of(
                                                        "toSet",
                                                        "toMap",
                                                        "groupingBy",
                                                        "partitioningBy",
                                                        "toUnmodifiableSet",
                                                        "toUnmodifiableMap"),
                                        "java.util.Collection", Set.of("parallelStream"))))
                .because(
                        "the order of immutable sets and maps differs from run to run, and the"
                                + " rest from machine to machine")
                .check(CODE);
    }

    @Test
    void contracts_turn_bytes_into_text_with_a_named_charset_only() {
        noClasses()
                .should()
                .callConstructor(String.class, byte[].class)
                .orShould()
                .callMethod(String.class, "getBytes")
                .check(CODE);
    }

    @Test
    void contracts_never_calculate_with_floating_point() throws IOException {
        try (var files = Files.walk(Path.of("target/classes"))) {
            for (var file : files.filter(f -> f.toString().endsWith(".class")).toList()) {
                var model = ClassFile.of().parse(file);
                for (var method : model.methods()) {
                    assertThat(floatingPoint(method))
                            .as(file + " " + method.methodName().stringValue())
                            .isEmpty();
                }
            }
        }
    }

    private static List<CodeElement> floatingPoint(MethodModel method) {
        return method.code().stream()
                .flatMap(code -> code.elementStream())
                .filter(DeterminismTests::isFloatingPoint)
                .toList();
    }

    private static boolean isFloatingPoint(CodeElement element) {
        return element instanceof Instruction instruction
                && switch (instruction) {
                    case OperatorInstruction i -> isFloatingPoint(i.typeKind());
                    case LoadInstruction i -> isFloatingPoint(i.typeKind());
                    case StoreInstruction i -> isFloatingPoint(i.typeKind());
                    case ReturnInstruction i -> isFloatingPoint(i.typeKind());
                    case ConvertInstruction i -> isFloatingPoint(i.toType());
                    default -> false;
                };
    }

    private static boolean isFloatingPoint(TypeKind kind) {
        return kind.upperBound().equals(ConstantDescs.CD_double)
                || kind.upperBound().equals(ConstantDescs.CD_float);
    }

    private static DescribedPredicate<JavaMethodCall> calls(Map<String, Set<String>> methods) {
        return DescribedPredicate.describe(
                "an answer of the machine",
                call ->
                        methods.getOrDefault(call.getTargetOwner().getName(), Set.of())
                                .contains(call.getName()));
    }
}
