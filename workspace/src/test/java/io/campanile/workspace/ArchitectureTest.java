package io.campanile.workspace;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** The arrows and names of this module. */
final class ArchitectureTest {
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.campanile.workspace");

    @Test
    void theServiceDependsOnCommonAlone() {
        noClasses()
                .should()
                .dependOnClassesThat(resideInAPackage("io.campanile..")
                        .and(com.tngtech.archunit.base.DescribedPredicate.not(resideInAPackage("io.campanile.common..")
                                .or(resideInAPackage("io.campanile.workspace.."))))
                        .as("reside in another service"))
                .check(CLASSES);
    }

    @Test
    void onlyStoresSpeakSql() {
        noClasses()
                .that()
                .haveSimpleNameNotEndingWith("Store")
                .and()
                .resideOutsideOfPackage("..workspace.db..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("..workspace.db..")
                .check(CLASSES);
    }

    @Test
    void formatsArePure() {
        noClasses()
                .that()
                .resideInAPackage("..formats..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.vertx..", "org.jooq..", "java.net.http..", "java.nio.file..")
                .check(CLASSES);
    }

    @Test
    void featuresHaveNoCycles() {
        slices().matching("io.campanile.workspace.(*)..")
                .should()
                .beFreeOfCycles()
                .check(CLASSES);
    }

    @Test
    void namesSayWhatClassesAre() {
        classes()
                .that()
                .resideOutsideOfPackage("..workspace.db..")
                .should()
                .haveSimpleNameNotEndingWith("Manager")
                .andShould()
                .haveSimpleNameNotEndingWith("Helper")
                .andShould()
                .haveSimpleNameNotEndingWith("Util")
                .andShould()
                .haveSimpleNameNotEndingWith("Impl")
                .check(CLASSES);
    }
}
