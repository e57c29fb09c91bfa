package io.campanile.clusters;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import org.junit.jupiter.api.Test;

final class ArchitectureTest {
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.campanile.clusters");

    @Test
    void servicesKnowNeitherHttpNorSql() {
        noClasses()
                .that()
                .haveSimpleNameEndingWith("Service")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.vertx..", "org.jooq..", "java.sql..")
                .check(CLASSES);
    }

    @Test
    void onlyStoresUseJooq() {
        noClasses()
                .that()
                .haveSimpleNameNotEndingWith("Store")
                .and()
                .resideOutsideOfPackage("..db..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.jooq..", "..clusters.db..")
                .check(CLASSES);
    }

    @Test
    void featuresHaveNoCycles() {
        SlicesRuleDefinition.slices()
                .matching("io.campanile.clusters.(*)..")
                .should()
                .beFreeOfCycles()
                .check(CLASSES);
    }

    @Test
    void onlyTheLocalProviderAndItsSandboxStartProcesses() {
        noClasses()
                .that()
                .resideOutsideOfPackage("io.campanile.clusters.provider")
                .should()
                .dependOnClassesThat()
                .areAssignableTo(ProcessBuilder.class)
                .check(CLASSES);
    }
}
