package io.campanile.launcher;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import org.junit.jupiter.api.Test;

/** The rules that only the module that sees all services can hold. */
final class ArchitectureTest {
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.campanile");

    @Test
    void servicesNeverImportEachOther() {
        String[] services = {"gateway", "identity", "workspace", "clusters", "notebooks"};
        for (String service : services) {
            for (String other : services) {
                if (!service.equals(other)) {
                    noClasses()
                            .that()
                            .resideInAPackage("io.campanile." + service + "..")
                            .should()
                            .dependOnClassesThat()
                            .resideInAPackage("io.campanile." + other + "..")
                            .check(CLASSES);
                }
            }
        }
    }

    @Test
    void commonKnowsNoFeature() {
        noClasses()
                .that()
                .resideInAPackage("io.campanile.common..")
                .should()
                .dependOnClassesThat(com.tngtech.archunit.base.DescribedPredicate.describe(
                        "are of a service",
                        type -> type.getPackageName().startsWith("io.campanile.")
                                && !type.getPackageName().startsWith("io.campanile.common")))
                .check(CLASSES);
    }

    @Test
    void modulesHaveNoCycles() {
        SlicesRuleDefinition.slices()
                .matching("io.campanile.(*)..")
                .should()
                .beFreeOfCycles()
                .check(CLASSES);
    }

    @Test
    void noProcessIsStartedThroughAShell() {
        noClasses()
                .should()
                .callMethod(Runtime.class, "exec", String.class)
                .orShould()
                .callMethod(Runtime.class, "exec", String[].class)
                .check(CLASSES);
    }
}
